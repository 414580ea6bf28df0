/**
 * YAML documents to resources. A reader asks {@link io.manx.resources.yaml.Fields} for what it knows; what is left
 * over is reported.
 */
package io.manx.resources.yaml;
