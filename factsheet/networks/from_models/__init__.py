"""Networks read from models that already exist: modules, configs, ONNX graphs and safetensors headers."""
