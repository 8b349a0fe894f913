//! The source itself.

use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};
use watchfire_core::{limits, text};

use super::{alerts, builds};
use crate::payload::{Node, parsed, read};
use crate::signature::{hex_signature_matches, unauthorized};

/// Reads events of repositories and organisations.
pub(in crate::sources) struct GitHub;

static ABOUT: About = About {
    kind: "github",
    title: "GitHub",
    family: Family::Forge,
    summary: "Failed workflows and deployments, code scanning, secret scanning and Dependabot alerts.",
    credential: CredentialKind::Signature,
    setup: r#"In the repository or organisation: *Settings > Webhooks > Add webhook*.

1. **Payload URL**: `{url}`
2. **Content type**: `application/json`
3. **Secret**: `{secret}`
4. **Let me select individual events**: *Workflow runs*, *Check suites*, *Deployment statuses*, *Code scanning alerts*,
   *Secret scanning alerts*, *Dependabot alerts*; *Pushes* too if you want them as context.
5. **Add webhook**. GitHub sends a ping, which shows here as the last delivery.

By the command line, for one repository:

```sh
gh api repos/OWNER/REPO/hooks -f name=web -F active=true \
  -f 'config[url]={url}' -f 'config[content_type]=json' -f 'config[secret]={secret}' \
  -f 'events[]=workflow_run' -f 'events[]=check_suite' -f 'events[]=deployment_status' \
  -f 'events[]=code_scanning_alert' -f 'events[]=secret_scanning_alert' -f 'events[]=dependabot_alert'
```

An alert that somebody dismissed is not fixed: it shows as acknowledged. The value of a leaked secret is never kept.
GitHub does not send again by itself: after an outage use *Recent deliveries > Redeliver* (three days back).
"#,
    severities: &[
        ("code scanning, Dependabot: critical; a leaked secret that is public or active", "SEV1"),
        ("high, or without security severity: error; other leaked secrets; a failed production deployment", "SEV2"),
        ("medium, moderate or warning; a failed workflow on the default branch, another failed deployment", "SEV3"),
        ("low or note; a failed workflow on another branch", "SEV4"),
        ("none", "SEV5"),
    ],
    settings: &[],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://docs.github.com/en/webhooks/webhook-events-and-payloads",
};

impl Source for GitHub {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        let Some(header) = delivery.headers.get("x-hub-signature-256") else {
            return Err(unauthorized("the header X-Hub-Signature-256 is missing; set the webhook's secret"));
        };
        if hex_signature_matches(keys.secrets, delivery.body, header, "sha256=") {
            Ok(Trust::Signed)
        } else {
            Err(unauthorized("X-Hub-Signature-256 is not the HMAC of this body under the source's secret"))
        }
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let Some(event) = delivery.headers.get("x-github-event") else {
            return Err(Malformed("the header X-GitHub-Event is missing".to_owned()));
        };
        if delivery.headers.get("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            return Err(Malformed("the webhook's content type is a form; set it to application/json".to_owned()));
        }
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        let delivery_id = delivery.headers.get("x-github-delivery").map(ToOwned::to_owned);
        Ok(body.faults().remarked(Parsed { delivery_id, ..by_event(event, &body)? }))
    }
}

fn by_event(event: &str, body: &Node<'_>) -> Result<Parsed, Malformed> {
    let found = match event {
        "workflow_run" => builds::workflow_run(body)?,
        "check_suite" => builds::check_suite(body)?,
        "deployment_status" => builds::deployment_status(body)?,
        "code_scanning_alert" => alerts::code_scanning(body)?,
        "secret_scanning_alert" => alerts::secret_scanning(body)?,
        "dependabot_alert" => alerts::dependabot(body)?,
        "ping" => Err(format!("ping: {}", body.scalar("zen")?.unwrap_or_default())),
        "push" => Err(format!(
            "push of {} commits to {} of {}, kept as context",
            body.values("commits")?.len(),
            body.scalar("ref")?.unwrap_or_default(),
            body.scalar("repository.full_name")?.unwrap_or_default(),
        )),
        other => Err(format!("the event {other} says nothing to alert about")),
    };
    Ok(match found {
        Ok(observation) => parsed(vec![observation]),
        Err(remark) => Parsed::nothing(text::line(&remark, limits::TITLE_CHARS)),
    })
}
