"""What an ONNX graph computes: values and where they come from, shapes, constants worked out, and kinds of nodes."""
