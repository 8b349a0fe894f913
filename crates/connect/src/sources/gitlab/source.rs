//! The source itself.

use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};
use watchfire_core::{limits, text};

use super::events;
use crate::payload::{Node, parsed, read};
use crate::signature::{matches_any, standard_webhooks, unauthorized};

/// Reads events of projects and groups.
pub(in crate::sources) struct GitLab;

static ABOUT: About = About {
    kind: "gitlab",
    title: "GitLab",
    family: Family::Forge,
    summary: "Failed pipelines, jobs and deployments of GitLab projects and groups.",
    credential: CredentialKind::Token,
    setup: r#"In the project or group: *Settings > Webhooks > Add new webhook*.

1. **URL**: `{url}`
2. **Secret token**: `{secret}`. Newer versions also have a **signing token**: give it, and this source, a secret of the form
   `whsec_` and 32 bytes in base64, and set `signed` of this source to `required`, so that an unsigned delivery is refused.
3. **Trigger**: *Pipeline events*, *Deployment events*, and *Job events* if you want single jobs.
4. **Add webhook**, then *Test > Pipeline events*.

By the command line:

```sh
curl -sS --request POST "https://gitlab.example.org/api/v4/projects/PROJECT_ID/hooks" \
  --header "PRIVATE-TOKEN: <token with api scope>" \
  --data-urlencode "url={url}" --data-urlencode "token={secret}" \
  --data "pipeline_events=true&deployment_events=true&push_events=false"
```
"#,
    severities: &[
        ("a failed deployment to production", "SEV2"),
        ("a failed pipeline or job on the default branch, another failed deployment", "SEV3"),
        ("a failed pipeline or job on another branch", "SEV4"),
    ],
    settings: &[("signed", "\"required\" refuses deliveries without a Standard Webhooks signature")],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://docs.gitlab.com/user/project/integrations/webhook_events/",
};

impl Source for GitLab {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        if standard_webhooks::is_signed(delivery.headers) {
            standard_webhooks::verify(delivery, keys.secrets)?;
            return Ok(Trust::Signed);
        }
        if keys.settings.get("signed").is_some_and(|signed| signed == "required") {
            return Err(unauthorized("the header webhook-signature is missing, and this source requires it"));
        }
        match delivery.headers.get("x-gitlab-token") {
            None => Err(unauthorized("the header X-Gitlab-Token is missing; set the webhook's secret token")),
            Some(given) if matches_any(keys.secrets, given.as_bytes()) => Ok(Trust::Token),
            Some(_) => Err(unauthorized("X-Gitlab-Token is not this source's secret")),
        }
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        let kind = body.need("object_kind")?;
        let found = match kind {
            "pipeline" => events::pipeline(&body)?,
            "build" => events::job(&body)?,
            "deployment" => events::deployment(&body)?,
            other => Err(format!("the event {other} says nothing to alert about")),
        };
        // The same in all attempts to deliver one event; X-Gitlab-Event-UUID is not, it names a chain of events.
        let delivery_id =
            ["webhook-id", "idempotency-key"].into_iter().find_map(|name| delivery.headers.get(name)).map(ToOwned::to_owned);
        let said = match found {
            Ok(observation) => parsed(vec![observation]),
            Err(remark) => Parsed::nothing(text::line(&remark, limits::TITLE_CHARS)),
        };
        Ok(body.faults().remarked(Parsed { delivery_id, ..said }))
    }
}
