//! Values of secrets that pass through deliveries do not come out.

use super::*;

/// The value that the samples put wherever a vendor sends a secret: GitHub's alerts, snippets of SARIF, Trivy's matches,
/// GitLab's variables, addresses that ZAP visited.
const VALUE: &str = "example-secret-value-that-must-never-show";

#[test]
fn no_secret_of_the_samples_appears_in_any_output() {
    let mut carriers = Vec::new();
    for sample in all_samples() {
        let out = format!("{:?}", sample.parse());
        for secret in [VALUE, "example-value-that-must-not-show", "0123456789abcdef0123456789abcdef"] {
            if String::from_utf8_lossy(&sample.body).contains(secret) {
                carriers.push(sample.kind.clone());
            }
            assert!(!out.contains(secret), "{}/{}", sample.kind, sample.name);
        }
    }
    carriers.dedup();
    assert_eq!(carriers, ["generic", "github", "gitlab", "pagerduty", "sarif", "trivy", "zap"]);
}

#[test]
fn errors_do_not_repeat_what_stands_in_the_wrong_place() {
    // The value in each place in turn: whatever the source says then, it does not say the value.
    for sample in all_samples() {
        let Ok(value) = serde_json::from_slice::<Value>(&sample.body) else {
            continue;
        };
        let Value::Object(body) = &value else {
            continue;
        };
        for name in body.keys() {
            let mut broken = value.clone();
            broken[name.as_str()] = json!({ VALUE: 1 });
            let mut broken_sample = sample.clone();
            broken_sample.body = broken.to_string().into_bytes();
            if let Err(error) = broken_sample.parse() {
                assert!(!error.0.contains(VALUE), "{}/{}: {error}", sample.kind, sample.name);
            }
        }
    }
}

#[test]
fn rejections_never_repeat_the_credential() {
    let given = "a-wrong-credential-0123456789";
    for kind in all().keys() {
        let body = json!({"routing_key": given, "TopicArn": given, "Type": given}).to_string();
        let sample = [
            ("authorization", format!("Bearer {given}")),
            ("x-hub-signature-256", format!("sha256={given}")),
            ("x-gitlab-token", given.to_owned()),
            ("sentry-hook-signature", given.to_owned()),
            ("x-sonar-webhook-hmac-sha256", given.to_owned()),
        ]
        .iter()
        .fold(Sample::of(kind, body), |sample, (name, value)| sample.header(name, value));
        let error = sample.verify(&[b"the-right-one"]).expect_err("must be refused").to_string();
        assert!(!error.contains(given) && !error.contains("the-right-one"), "{kind}: {error}");
    }
}
