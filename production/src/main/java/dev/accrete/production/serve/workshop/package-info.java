/** What the server needs of whoever keeps models, answers and labels; narrow on purpose. */
@NullMarked
package dev.accrete.production.serve.workshop;

import org.jspecify.annotations.NullMarked;
