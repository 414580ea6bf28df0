package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for documents of every kind. */
class DocumentTest {
    private static final String UPLINK =
            """
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: uplink}
            spec: {interfaceName: eth0}
            """;

    @Test
    void refusesWhatIsNoYaml() {
        assertThat(Yaml.problems("apiVersion: v1\nkind: [Service\nmetadata: {}\n"))
                .singleElement()
                .asString()
                .startsWith("test.yaml:3:9: this is not YAML: while parsing a flow sequence, expected ',' or ']'");
    }

    @Test
    void refusesATabAsIndentation() {
        assertThat(Yaml.problems("kind: Service\nmetadata:\n\tname: web\n"))
                .singleElement()
                .asString()
                .startsWith("test.yaml:3:1: this is not YAML: ");
    }

    @Test
    void refusesACharacterThatYamlHasNot() {
        assertThat(Yaml.problems("kind: Service\nmetadata: \u0001\n"))
                .containsExactly("test.yaml:2: this is not YAML: the character U+0001 is not allowed");
    }

    @Test
    void refusesADocumentThatIsNoMapping() {
        assertThat(Yaml.problems("- one\n- two\n"))
                .containsExactly(
                        "test.yaml:1:1: found a list, expected a resource (apiVersion, kind, metadata, spec)");
    }

    @Test
    void refusesADocumentWithoutAKind() {
        assertThat(Yaml.problems("apiVersion: v1\nmetadata: {name: web}\n"))
                .containsExactly("test.yaml:1:1: kind is missing");
    }

    @Test
    void refusesAnUnknownKindAndNamesTheNearest() {
        assertThat(Yaml.problems("apiVersion: projectcalico.org/v3\nkind: HostEndpiont\n"))
                .containsExactly(
                        "test.yaml:2:7: kind: found \"HostEndpiont\", expected HostEndpoint (did you mean that?)");
    }

    @Test
    void refusesAKindOfOthersAndNamesItsOwn() {
        assertThat(Yaml.problems("apiVersion: apps/v1\nkind: Deployment\n"))
                .containsExactly("test.yaml:2:7: kind: found \"Deployment\", expected one of HostEndpoint,"
                        + " WorkloadEndpoint, GlobalNetworkPolicy, Service, EndpointSlice, Pipeline,"
                        + " FelixConfiguration, Settings");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"NetworkPolicy", "Tier", "Profile", "GlobalNetworkSet", "NetworkSet", "IPPool", "Namespace"})
    void saysWhichKindsComeLater(String kind) {
        assertThat(Yaml.problems("apiVersion: projectcalico.org/v3\nkind: " + kind + "\n"))
                .containsExactly("test.yaml:2:7: kind: " + kind
                        + " is not supported by Manx yet; remove this document");
    }

    @Test
    void refusesAnotherVersionOfAKind() {
        assertThat(Yaml.problems(UPLINK.replace("projectcalico.org/v3", "crd.projectcalico.org/v1")))
                .containsExactly("test.yaml:1:13: apiVersion: found \"crd.projectcalico.org/v1\", expected"
                        + " projectcalico.org/v3 for a HostEndpoint");
    }

    @Test
    void refusesAnUnknownFieldAndNamesTheNearest() {
        assertThat(Yaml.problems(UPLINK.replace("interfaceName", "interfacename")))
                .containsExactly(
                        "test.yaml:4:7: spec.interfaceName is missing",
                        "test.yaml:4:8: spec.interfacename is not a known field, expected interfaceName (did you mean"
                                + " that?)");
    }

    @Test
    void refusesAnUnknownFieldAndNamesTheKnownOnes() {
        assertThat(Yaml.problems(UPLINK + "zebra: 1\n"))
                .containsExactly("test.yaml:5:1: zebra is not a known field, expected one of apiVersion, kind,"
                        + " metadata, spec, status");
    }

    @Test
    void refusesAFieldGivenTwice() {
        assertThat(Yaml.problems(UPLINK + "kind: HostEndpoint\n"))
                .containsExactly("test.yaml:5:1: kind: given twice, first in line 2");
    }

    @Test
    void refusesMergeKeys() {
        assertThat(Yaml.problems(UPLINK + "<<: {status: {}}\n"))
                .containsExactly("test.yaml:5:1: <<: merge keys are not supported; write the fields out");
    }

    @Test
    void refusesMetadataAndSpecThatAreMissing() {
        assertThat(Yaml.problems("apiVersion: projectcalico.org/v3\nkind: HostEndpoint\n"))
                .containsExactly("test.yaml:1:1: metadata is missing", "test.yaml:1:1: spec is missing");
    }

    @Test
    void refusesATextWhereFieldsBelong() {
        assertThat(Yaml.problems(UPLINK.replace("{interfaceName: eth0}", "eth0")))
                .containsExactly(
                        "test.yaml:4:7: spec: found \"eth0\", expected fields, each as \"name: value\"");
    }

    @Test
    void refusesAnInvalidName() {
        assertThat(Yaml.problems(UPLINK.replace("uplink", "Up_Link")))
                .containsExactly("test.yaml:3:18: metadata.name: found \"Up_Link\", expected at most 253 small"
                        + " letters, digits, dashes and dots, with a letter or digit at both ends of each part");
    }

    @Test
    void refusesANamespaceWhereThereAreNone() {
        assertThat(Yaml.problems(UPLINK.replace("name: uplink", "name: uplink, namespace: shop")))
                .containsExactly(
                        "test.yaml:3:37: metadata.namespace: found \"shop\", but this kind has no namespaces");
    }

    @Test
    void refusesALabelThatIsNoText() {
        assertThat(Yaml.problems(UPLINK.replace("name: uplink", "name: uplink, labels: {tier: 1}")))
                .containsExactly(
                        "test.yaml:3:41: metadata.labels.tier: found 1, expected text; put it in quotes");
    }

    @Test
    void collectsTheProblemsOfAllDocuments() {
        assertThat(Yaml.problems(UPLINK.replace("eth0", "'*'"), UPLINK, "kind: Tier\napiVersion: v1\n"))
                .containsExactly(
                        "test.yaml:4:23: spec.interfaceName: \"*\" is not supported by Manx: write a HostEndpoint for"
                                + " each interface",
                        "test.yaml:11:7: kind: Tier is not supported by Manx yet; remove this document");
    }

    @Test
    void refusesTheSameNameTwiceAndNamesBothPlaces() {
        assertThat(Yaml.conflicts(UPLINK, "\n" + UPLINK.replace("eth0", "eth1")))
                .containsExactly("b.yaml:2: HostEndpoint uplink is already defined at a.yaml:1");
    }

    @Test
    void refusesTwoEndpointsOnOneInterface() {
        assertThat(Yaml.conflicts(UPLINK, UPLINK.replace("uplink", "other")))
                .containsExactly("b.yaml:1: interface eth0 is already the interface of an endpoint at a.yaml:1"
                        + " (HostEndpoint uplink)");
    }

    @Test
    void refusesAListInAList() {
        assertThat(Yaml.problems("kind: List\nitems:\n- kind: List\n  apiVersion: v1\n  items: []\n"))
                .singleElement()
                .asString()
                .startsWith("test.yaml:3:9: kind: found \"List\", expected one of HostEndpoint");
    }

    @Test
    void readsTheItemsOfAList() {
        assertThat(Yaml.resources(
                        """
                        apiVersion: v1
                        kind: List
                        metadata: {resourceVersion: ""}
                        items:
                        - apiVersion: projectcalico.org/v3
                          kind: HostEndpoint
                          metadata: {name: uplink}
                          spec: {interfaceName: eth0}
                        """))
                .singleElement()
                .extracting(Resource::source)
                .hasToString("test.yaml:5");
    }

    @Test
    void readsTheItemsOfATypedList() {
        assertThat(Yaml.resources("apiVersion: v1\nkind: ServiceList\nitems: []\n")).isEmpty();
    }

    @Test
    void readsDocumentsOfSeveralKindsAndPassesOverEmptyOnes() {
        assertThat(Yaml.resources("# nothing\n", UPLINK, "---\n", UPLINK.replace("uplink", "second")))
                .extracting(Resource::name)
                .containsExactly("uplink", "second");
    }

    @Test
    void readsWhatKubernetesAddsToMetadata() {
        String metadata =
                """
                metadata:
                  name: uplink
                  labels: {role: gateway, since: 2024-01-01}
                  annotations: {any: thing}
                  creationTimestamp: null
                  uid: 0b6bd0dc-3f7c-4c9b-b1a2-7f35a3a9a0c9
                  resourceVersion: "12"
                  generation: 3
                  ownerReferences: []
                  managedFields: []
                status: {any: thing}
                """;
        HostEndpoint endpoint =
                Yaml.only(HostEndpoint.class, UPLINK.replace("metadata: {name: uplink}\n", metadata));
        assertThat(endpoint.labels()).containsEntry("role", "gateway").containsEntry("since", "2024-01-01");
        assertThat(endpoint.source()).hasToString("test.yaml:1");
    }
}
