//! The source itself.

use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use super::envelope::{self, Kind};
use super::message;
use crate::payload::{Node, read};
use crate::signature::unauthorized;

/// Reads messages of SNS topics.
pub(in crate::sources) struct Sns;

static ABOUT: About = About {
    kind: "sns",
    title: "Amazon SNS, CloudWatch alarms",
    family: Family::Cloud,
    summary: "CloudWatch alarms and other messages of SNS topics, signed by Amazon.",
    credential: CredentialKind::Certificate,
    setup: r#"1. Set `topics` of this source to the ARN of the topic (several: separated by commas). Messages of other topics
   are refused, and only subscriptions to these are confirmed.
2. Subscribe this address:

```sh
aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:123456789012:alarms \
  --protocol https --notification-endpoint "{url}"
```

3. The subscription is confirmed by itself. Leave *raw message delivery* off: raw messages carry no signature.
   For signatures with SHA-256 (recommended):

```sh
aws sns set-topic-attributes --topic-arn arn:aws:sns:eu-west-1:123456789012:alarms \
  --attribute-name SignatureVersion --attribute-value 2
```

4. In CloudWatch, send the alarm's states *In alarm*, *OK* and *Insufficient data* to the topic.

Messages that are older than an hour are refused. A topic may also carry EventBridge events, GuardDuty and Security Hub
findings and AWS Config compliance changes; they are read as the source `eventbridge` reads them.
"#,
    severities: &[
        ("CloudWatch alarms have none", "unknown"),
        ("findings", "as for eventbridge"),
        ("other messages: severity, priority or level, by their usual words", "SEV1 to SEV5"),
    ],
    settings: &[("topics", "ARNs of the topics whose messages are taken, separated by commas")],
    body_bytes_max: limits::BODY_BYTES,
    reference: "https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html",
};

impl Source for Sns {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        if delivery.headers.get("x-amz-sns-rawdelivery") == Some("true") {
            return Err(unauthorized("raw message delivery carries no signature; switch it off for this subscription"));
        }
        let unread = |error: Malformed| Rejection::Unauthorized(format!("no signed SNS message: {}", error.0));
        let value = read(delivery.body).map_err(unread)?;
        let body = Node::root(&value).map_err(unread)?;
        envelope::verify(&body, delivery, keys)?;
        Ok(Trust::Signed)
    }

    fn parse(&self, delivery: &Delivery<'_>, settings: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        let topic = body.need("TopicArn")?;
        let parsed = match envelope::kind(&body)? {
            Kind::Notification => message::observe(&body)?,
            Kind::Subscription => {
                let address = body.need("SubscribeURL")?;
                if !envelope::is_amazon(address) {
                    return Err(body.fault("SubscribeURL", "is not at https://sns.<region>.amazonaws.com"));
                }
                if !envelope::is_allowed(topic, settings.get("topics").map(String::as_str)) {
                    return Err(body.fault("TopicArn", "is not in this source's setting topics"));
                }
                Parsed { confirm: Some(address.to_owned()), ..Parsed::nothing("subscription to be confirmed") }
            }
            Kind::Unsubscription => Parsed::nothing("the topic no longer sends here: somebody has unsubscribed this address"),
        };
        Ok(body.faults().remarked(Parsed { delivery_id: Some(body.need("MessageId")?.to_owned()), ..parsed }))
    }
}
