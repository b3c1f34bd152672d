/** Weight files: safetensors, Caffe models, and writing files so that a crash loses nothing. */
@NullMarked
package dev.accrete.nn.io;

import org.jspecify.annotations.NullMarked;
