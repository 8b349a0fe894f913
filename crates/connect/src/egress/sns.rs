//! What Amazon SNS makes a receiver fetch: the certificate that it signs with, and the subscription's address.
//!
//! Both addresses come inside the message, so anybody can write them: the host has to be one of SNS itself.
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

use super::{Call, Egress, EgressError, Hosts};

/// Bytes of a certificate file.
const CERTIFICATE_BYTES: usize = 64 * 1024;

/// Fetches the signing certificate, as PEM.
///
/// `extra` names hosts beside SNS's own, for a compatible service on the operator's premises.
///
/// # Errors
/// [`EgressError::Host`] for a foreign host, and whatever else a call meets.
pub async fn fetch_certificate(egress: &Egress, url: &str, extra: &[String]) -> Result<Vec<u8>, EgressError> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    if !path.ends_with(".pem") {
        return Err(EgressError::Url { reason: "the signing certificate's address does not end in .pem" });
    }
    let answer = egress.send(Call::get(url), &hosts(url, extra)?).await?.success()?;
    if answer.len() > CERTIFICATE_BYTES {
        return Err(EgressError::Url { reason: "a certificate of more than 64 KiB is none" });
    }
    Ok(answer)
}

/// Confirms a subscription by calling its `SubscribeURL`.
///
/// # Errors
/// As [`fetch_certificate`].
pub async fn confirm(egress: &Egress, url: &str, extra: &[String]) -> Result<(), EgressError> {
    if !url.contains("Action=ConfirmSubscription") {
        return Err(EgressError::Url { reason: "the address does not confirm a subscription" });
    }
    egress.send(Call::get(url), &hosts(url, extra)?).await?.success().map(drop)
}

/// Says whether a host is SNS's own: `sns.<region>.amazonaws.com`, in China with `.cn`.
pub fn is_sns(host: &str) -> bool {
    let Some(rest) = host.strip_prefix("sns.") else { return false };
    let rest = rest.strip_suffix(".cn").unwrap_or(rest);
    let Some(region) = rest.strip_suffix(".amazonaws.com") else { return false };
    region.len() >= 3 && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn hosts(url: &str, extra: &[String]) -> Result<Hosts, EgressError> {
    let parsed = reqwest::Url::parse(url).map_err(|_| EgressError::Url { reason: "not an absolute address" })?;
    let host = parsed.host_str().unwrap_or_default().to_owned();
    let own = is_sns(&host).then_some(host.as_str());
    Ok(Hosts::only(extra.iter().map(String::as_str).chain(own)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hosts_of_sns_are_its_own() {
        for own in ["sns.us-east-1.amazonaws.com", "sns.cn-north-1.amazonaws.com.cn", "sns.us-gov-west-1.amazonaws.com"] {
            assert!(is_sns(own), "{own}");
        }
        for foreign in [
            "sns.us-east-1.amazonaws.com.evil.example",
            "evil.sns.us-east-1.amazonaws.com",
            "sns.evil.example",
            "sns.x/.amazonaws.com",
            "sns.a.b.amazonaws.com",
            "sns..amazonaws.com",
            "s3.amazonaws.com",
            "sns.us-east-1.amazonaws.cn",
            "sns.us-east-1.amazonaws.com.",
        ] {
            assert!(!is_sns(foreign), "{foreign}");
        }
    }
}
