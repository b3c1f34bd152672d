/** ONNX files: their protobuf messages, and how ops are written in their operators. Internal. */
@NullMarked
package dev.accrete.nn.onnx;

import org.jspecify.annotations.NullMarked;
