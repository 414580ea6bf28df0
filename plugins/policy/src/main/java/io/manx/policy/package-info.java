/** The policy stage's control: from resources to the tables of policy.h. Not exported. */
package io.manx.policy;
