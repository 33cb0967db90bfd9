"""What the overlays promise: nothing privileged, nothing of the host, limits, probes, and parts that fit together."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml

_OVERLAYS = "deploy/k8s/overlays"


def _render(overlay):
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        # Files and no links: kustomize refuses what lies outside the folder.
        tree = shutil.copytree("deploy/k8s", os.path.join(folder, "k8s"))
        done = subprocess.run(["kubectl", "kustomize", os.path.join(tree, "overlays", overlay)], stdout=subprocess.PIPE, check=True, timeout=60)
    return [item for item in yaml.safe_load_all(done.stdout) if item]


def _of_kind(items, kind):
    return [item for item in items if item["kind"] == kind]


def _includes(labels, selector):
    return all(labels.get(name) == value for name, value in selector.items())


class Manifests(unittest.TestCase):

    def each(self):
        """Each overlay: its objects, its StatefulSet's pod, its configuration's text."""
        names = sorted(os.listdir(_OVERLAYS))
        self.assertGreaterEqual(len(names), 2)
        for name in names:
            with self.subTest(overlay=name):
                items = _render(name)
                (workload,) = _of_kind(items, "StatefulSet")
                (config,) = _of_kind(items, "ConfigMap")
                yield items, workload["spec"], config["data"]["robot.textproto"]

    def test_the_pod_has_no_right_that_it_does_not_need(self):
        for items, workload, _ in self.each():
            pod = workload["template"]["spec"]
            for word in ("hostNetwork", "hostPID", "hostIPC"):
                self.assertNotIn(word, pod)
            self.assertFalse(pod["automountServiceAccountToken"])
            security = pod["securityContext"]
            self.assertTrue(security["runAsNonRoot"])
            self.assertEqual((security["runAsUser"], security["seccompProfile"]), (65532, {"type": "RuntimeDefault"}))
            self.assertNotIn("initContainers", pod)
            for container in pod["containers"]:
                security = container["securityContext"]
                self.assertFalse(security["privileged"])
                self.assertFalse(security["allowPrivilegeEscalation"])
                self.assertTrue(security["readOnlyRootFilesystem"])
                self.assertEqual(security["capabilities"], {"drop": ["ALL"]})
                self.assertIn("memory", container["resources"]["limits"])
            for item in items:
                self.assertNotIn("hostPath", yaml.safe_dump(item))
                self.assertNotIn(item["kind"], ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"))

    def test_what_it_writes_is_on_a_claim_that_stays(self):
        for _, workload, _ in self.each():
            (claim,) = workload["volumeClaimTemplates"]
            mounts = {mount["name"]: mount for mount in workload["template"]["spec"]["containers"][0]["volumeMounts"]}
            self.assertEqual(mounts[claim["metadata"]["name"]]["mountPath"], "/var/lib/carousel")
            self.assertEqual(workload["persistentVolumeClaimRetentionPolicy"], {"whenDeleted": "Retain", "whenScaled": "Retain"})
            self.assertTrue(all(mount.get("readOnly") for name, mount in mounts.items() if name != "state"))

    def test_one_robot_has_one_pod_that_nobody_evicts(self):
        for items, workload, _ in self.each():
            self.assertEqual(workload["replicas"], 1)
            (budget,) = _of_kind(items, "PodDisruptionBudget")
            self.assertEqual(budget["spec"]["maxUnavailable"], 0)
            self.assertTrue(_includes(workload["template"]["metadata"]["labels"], budget["spec"]["selector"]["matchLabels"]))

    def test_a_burn_may_end_before_the_pod_is_killed(self):
        for _, workload, config in self.each():
            drain = int(re.search(r"drain_time \{ seconds: (\d+) \}", config).group(1))
            self.assertGreaterEqual(workload["template"]["spec"]["terminationGracePeriodSeconds"], drain + 60)

    def test_probes_ask_by_http_and_liveness_never_about_hardware(self):
        for _, workload, config in self.each():
            container = workload["template"]["spec"]["containers"][0]
            paths = {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
            self.assertEqual(paths, {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"})
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            self.assertIn('grpc: "0.0.0.0:%d"' % ports["grpc"], config)
            self.assertIn('http: "0.0.0.0:%d"' % ports["http"], config)

    def test_callers_need_certificates_and_only_some_can_reach_it(self):
        for items, workload, config in self.each():
            self.assertNotIn("insecure", config)
            self.assertIn("principals {", config)
            pod = workload["template"]["spec"]
            volume = next(volume for volume in pod["volumes"] if volume["name"] == "tls")
            mount = next(mount for mount in pod["containers"][0]["volumeMounts"] if mount["name"] == "tls")
            secrets = [item["spec"]["secretName"] for item in _of_kind(items, "Certificate")]
            self.assertIn(volume["secret"]["secretName"], secrets)
            for name in ("tls.crt", "tls.key", "ca.crt"):
                self.assertIn('"%s/%s"' % (mount["mountPath"], name), config)
            (policy,) = _of_kind(items, "NetworkPolicy")
            self.assertEqual(policy["spec"]["policyTypes"], ["Ingress", "Egress"])
            self.assertTrue(all(rule["from"] for rule in policy["spec"]["ingress"]))
            self.assertTrue(_includes(workload["template"]["metadata"]["labels"], policy["spec"]["podSelector"]["matchLabels"]))

    def test_services_and_the_monitor_find_the_pod(self):
        for items, workload, _ in self.each():
            services = {item["metadata"]["name"]: item for item in _of_kind(items, "Service")}
            self.assertIn(workload["serviceName"], services)
            for service in services.values():
                self.assertTrue(_includes(workload["template"]["metadata"]["labels"], service["spec"]["selector"]))
            (monitor,) = _of_kind(items, "ServiceMonitor")
            watched = [item for item in services.values()
                       if _includes(item["metadata"]["labels"], monitor["spec"]["selector"]["matchLabels"])]
            self.assertEqual(len(watched), 1)
            self.assertIn(monitor["spec"]["endpoints"][0]["port"], [port["name"] for port in watched[0]["spec"]["ports"]])
            names = [name for item in _of_kind(items, "Certificate") for name in item["spec"].get("dnsNames", [])]
            self.assertTrue(set(names) & set(services), "the certificate has the service's name")


if __name__ == "__main__":
    unittest.main()
