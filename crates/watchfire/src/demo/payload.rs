//! What the practice senders send.

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use watchfire_core::text::hex;
use watchfire_core::time::rfc3339;

/// The label by which an alert's incident counts as a drill.
const DRILL: (&str, &str) = ("watchfire_kind", "drill");

/// One run of the practice: its own pod and group, so that a second run is a second incident.
pub(super) struct Scene {
    pod: String,
    began: Timestamp,
}

impl Scene {
    /// Sets the scene at an instant.
    pub(super) fn at(began: Timestamp) -> Self {
        Self { pod: format!("checkout-{}", began.as_second() % 100_000), began }
    }

    /// Falco: somebody opened a shell in a container.
    pub(super) fn shell(&self, now: Timestamp) -> Value {
        self.falco(now, "Terminal shell in container", "Notice", "A shell was opened in the checkout container by root")
    }

    /// Falco: the same container speaks with an unknown host.
    pub(super) fn connection(&self, now: Timestamp) -> Value {
        let output = "The checkout container connects to 203.0.113.66:4444, which no policy knows";
        self.falco(now, "Unexpected outbound connection", "Critical", output)
    }

    /// Alertmanager: customers notice.
    pub(super) fn errors(&self, firing: bool, now: Timestamp) -> Value {
        let ends_at = if firing { "0001-01-01T00:00:00Z".to_owned() } else { rfc3339(now) };
        let status = if firing { "firing" } else { "resolved" };
        json!({
            "version": "4",
            "receiver": "watchfire",
            "status": status,
            "groupKey": self.group_key(),
            "groupLabels": { "alertname": "CheckoutErrors" },
            "commonLabels": {},
            "commonAnnotations": {},
            "externalURL": "http://alertmanager.practice.example",
            "truncatedAlerts": 0,
            "alerts": [{
                "status": status,
                "labels": {
                    "alertname": "CheckoutErrors",
                    "service": "checkout",
                    "pod": self.pod,
                    "severity": "critical",
                    (DRILL.0): DRILL.1,
                },
                "annotations": { "summary": "Practice: one in eight checkouts fails" },
                "startsAt": rfc3339(self.began),
                "endsAt": ends_at,
                "generatorURL": "http://prometheus.practice.example/graph?g0.expr=checkout_errors",
                "fingerprint": &self.group_hash()[..16],
            }],
        })
    }

    /// The same group as Alertmanager's PagerDuty receiver sends it: one more receipt of the same alert.
    pub(super) fn errors_by_pagerduty(&self, routing_key: &str) -> Value {
        json!({
            "routing_key": routing_key,
            "dedup_key": self.group_hash(),
            "event_action": "trigger",
            "payload": {
                "summary": "[FIRING:1] CheckoutErrors (practice)",
                "source": "Alertmanager",
                "severity": "critical",
                "custom_details": { (DRILL.0): DRILL.1 },
            },
        })
    }

    fn falco(&self, now: Timestamp, rule: &str, priority: &str, output: &str) -> Value {
        json!({
            "uuid": hex(&Sha256::digest(format!("{rule} {} {now}", self.pod)))[..32],
            "hostname": "node-3.practice.example",
            "rule": rule,
            "priority": priority,
            "output": format!("Practice: {output}"),
            "source": "syscall",
            "tags": ["container", "mitre_execution"],
            "time": rfc3339(now),
            "output_fields": {
                "k8s.ns.name": "shop",
                "k8s.pod.name": self.pod,
                "container.name": "checkout",
                "user.name": "root",
                (DRILL.0): DRILL.1,
            },
        })
    }

    fn group_key(&self) -> String {
        format!("{{}}/{{}}:{{alertname=\"CheckoutErrors\", pod=\"{}\"}}", self.pod)
    }

    /// Alertmanager's other receivers name a group by the SHA-256 of its key.
    fn group_hash(&self) -> String {
        hex(&Sha256::digest(self.group_key()))
    }
}
