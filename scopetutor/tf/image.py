"""`tf.image`: pictures read from files, resized, cropped, turned and coloured.

From ``engine/images``, and a few plain operations from ``engine/ops``. TF 1.15 has some
names twice (`resize` is `resize_images`).
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.images.colors": (
            "adjust_brightness adjust_contrast convert_image_dtype grayscale_to_rgb "
            "per_image_standardization random_brightness random_contrast "
            "rgb_to_grayscale total_variation"
        ),
        "engine.images.files": (
            "decode_and_crop_jpeg decode_bmp decode_gif decode_image decode_jpeg "
            "decode_png encode_jpeg "
            "encode_png extract_jpeg_shape is_jpeg"
        ),
        "engine.images.comparing": (
            "image_gradients psnr sobel_edges ssim ssim_multiscale"
        ),
        "engine.images.hues": (
            "adjust_gamma adjust_hue adjust_saturation random_hue random_saturation "
            "rgb_to_yiq rgb_to_yuv yiq_to_rgb yuv_to_rgb"
        ),
        "engine.images.jpeg_quality": "adjust_jpeg_quality random_jpeg_quality",
        "engine.images.resizing": (
            "ResizeMethod central_crop crop_to_bounding_box pad_to_bounding_box "
            "resize=resize_images resize_image_with_crop_or_pad resize_image_with_pad "
            "resize_images "
            "resize_with_crop_or_pad=resize_image_with_crop_or_pad"
        ),
        "engine.images.turning": (
            "flip_left_right flip_up_down random_flip_left_right random_flip_up_down "
            "rot90 transpose transpose_image=transpose"
        ),
        "engine.ops.boxes": "draw_bounding_boxes",
        "engine.ops.combined_suppression": "combined_non_max_suppression",
        "engine.ops.crops": "crop_and_resize",
        "engine.ops.distorted_boxes": "sample_distorted_bounding_box",
        "engine.ops.glimpses": "extract_glimpse",
        "engine.ops.hues": "hsv_to_rgb rgb_to_hsv",
        "engine.ops.patches": "extract_image_patches extract_patches",
        "engine.ops.random": "random_crop",
        "engine.ops.suppression": (
            "non_max_suppression "
            "non_max_suppression_overlaps=non_max_suppression_with_overlaps "
            "non_max_suppression_padded "
            "non_max_suppression_with_scores"
        ),
        "engine.ops.resize": (
            "resize_area resize_bicubic resize_bilinear resize_nearest_neighbor"
        ),
    },
)
