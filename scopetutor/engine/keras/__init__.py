"""What `tf.layers` stands on: layers as `tf.keras.layers` has them."""
