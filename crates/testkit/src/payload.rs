//! What Alertmanager posts, as it posts it.

use serde_json::{Value, json};

/// One alert of a group.
#[derive(Clone, Debug)]
pub struct Alert {
    pub name: String,
    pub instance: String,
    pub severity: String,
    pub firing: bool,
}

impl Alert {
    /// Returns a firing alert of severity `warning`.
    #[must_use]
    pub fn firing(name: &str, instance: &str) -> Self {
        Self { name: name.to_owned(), instance: instance.to_owned(), severity: "warning".to_owned(), firing: true }
    }

    /// Returns the same alert, resolved.
    #[must_use]
    pub fn resolved(&self) -> Self {
        Self { firing: false, ..self.clone() }
    }

    /// Returns the fingerprint, a function of the labels as with Alertmanager (FNV-1a, 64 bits).
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let text = format!("{}\u{ff}{}\u{ff}{}", self.name, self.instance, self.severity);
        let hash =
            text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{hash:016x}")
    }
}

/// Builds a delivery of the webhook, version 4, for one group.
#[must_use]
pub fn alertmanager_group(group: &str, alerts: &[Alert]) -> Value {
    alertmanager_group_at(group, alerts, "2026-11-21T02:55:30.792Z", "2026-11-21T03:05:30.792Z")
}

/// As [`alertmanager_group`], with the times at which its alerts began and ended.
#[must_use]
pub fn alertmanager_group_at(group: &str, alerts: &[Alert], starts_at: &str, ended_at: &str) -> Value {
    let firing = alerts.iter().any(|alert| alert.firing);
    let one = |alert: &Alert| {
        json!({
            "status": if alert.firing { "firing" } else { "resolved" },
            "labels": { "alertname": alert.name, "instance": alert.instance, "job": "checkout-api", "severity": alert.severity, "team": "platform" },
            "annotations": { "summary": format!("{} on {}", alert.name, alert.instance) },
            "startsAt": starts_at,
            "endsAt": if alert.firing { "0001-01-01T00:00:00Z" } else { ended_at },
            "generatorURL": "http://127.0.0.1:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1",
            "fingerprint": alert.fingerprint(),
        })
    };
    json!({
        "receiver": "watchfire",
        "status": if firing { "firing" } else { "resolved" },
        "alerts": alerts.iter().map(one).collect::<Vec<_>>(),
        "groupLabels": { "alertname": group },
        "commonLabels": { "alertname": group },
        "commonAnnotations": {},
        "externalURL": "http://127.0.0.1:9093",
        "version": "4",
        "groupKey": format!("{{}}:{{alertname=\"{group}\"}}"),
        "truncatedAlerts": 0,
    })
}

/// Returns the present time, RFC 3339 in UTC with milliseconds.
#[must_use]
pub fn now_rfc3339() -> String {
    #[expect(clippy::disallowed_methods, reason = "a sender's clock is its own")]
    let now = jiff::Timestamp::now();
    format!("{now:.3}")
}
