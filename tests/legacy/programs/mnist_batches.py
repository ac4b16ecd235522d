import numpy as np
from tensorflow.contrib.learn.python.learn.datasets.mnist import DataSet
import tensorflow as tf
im=np.arange(7*4,dtype=np.uint8).reshape(7,2,2,1); lb=np.arange(7)
for kw in ({"seed":3},{"seed":None},{"reshape":False,"seed":5}):
    tf.reset_default_graph(); tf.set_random_seed(8)
    d=DataSet(im,lb,**kw)
    for i in range(5):
        a,b=d.next_batch(3); print(a.shape, b.tolist(), d.epochs_completed)
