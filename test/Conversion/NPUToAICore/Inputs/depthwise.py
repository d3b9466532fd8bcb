"""What depthwise convolutions of NC1HWC0 images give."""


def depthwise(image, filter, bias, shape, places, kernel, strides, pads, dilations):
    """`shape` is B, C1, H, W; pads are those above and on the left."""
    b, blocks, h, w = shape
    result = []
    for i in range(b * blocks):
        for y in range(places[0]):
            for x in range(places[1]):
                sums = list(bias[i % blocks * 16:i % blocks * 16 + 16])
                for ky in range(kernel[0]):
                    for kx in range(kernel[1]):
                        row, column = y * strides[0] - pads[0] + ky * dilations[0], x * strides[1] - pads[1] + kx * dilations[1]
                        if 0 <= row < h and 0 <= column < w:
                            at = ((i * h + row) * w + column) * 16
                            tap = ((i % blocks * kernel[0] + ky) * kernel[1] + kx) * 16
                            for lane in range(16):
                                sums[lane] += image[at + lane] * filter[tap + lane]
                result += sums
    return result
