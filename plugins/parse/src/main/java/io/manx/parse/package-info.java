/** The Java side of the stage parse: its settings, and an end for fragments that were held in vain. */
package io.manx.parse;
