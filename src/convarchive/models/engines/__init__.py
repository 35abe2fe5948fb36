"""The heavy side of the models' room: the network, pip, and the conversion to ONNX."""
