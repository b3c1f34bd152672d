/** Pre-training of backbones: what a stream starts from. */
@NullMarked
package dev.accrete.cl.pretrain;

import org.jspecify.annotations.NullMarked;
