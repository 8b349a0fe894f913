//! The one certificate that a vendor signs its messages with.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use ring::signature::{RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::der::{BIT_STRING, Der, EXPLICIT_0, GENERALIZED_TIME, INTEGER, UTC_TIME};

/// Bytes of a certificate file.
const PEM_BYTES: usize = 64 * 1024;

/// An X.509 certificate with an RSA key: what verifying a message needs of it.
///
/// The chain is not built: the vendor publishes the leaf alone, at an https address of its own whose host the
/// source has checked, so the TLS connection that fetched it vouches for it.
#[derive(Debug)]
pub(crate) struct Certificate {
    /// The key as PKCS#1 `RSAPublicKey`.
    rsa_key: Vec<u8>,
    not_before: Timestamp,
    not_after: Timestamp,
}

/// The hash of a signature.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Digest {
    Sha1,
    Sha256,
}

impl Certificate {
    /// Reads the first certificate of a PEM file; `None` if there is none, or its key is no RSA key.
    pub(crate) fn from_pem(pem: &[u8]) -> Option<Self> {
        if pem.len() > PEM_BYTES {
            return None;
        }
        let der = CertificateDer::from_pem_slice(pem).ok()?;
        // RFC 5280, section 4.1.
        let mut body = Der::new(&der).sequence()?.sequence()?;
        let _version = body.take(EXPLICIT_0);
        let _serial = body.take(INTEGER)?;
        let _algorithm = body.sequence()?;
        let _issuer = body.sequence()?;
        let mut validity = body.sequence()?;
        let _subject = body.sequence()?;
        let mut key = body.sequence()?;
        Some(Self { not_before: time(&mut validity)?, not_after: time(&mut validity)?, rsa_key: rsa_key(&mut key)? })
    }

    /// Tells whether the certificate is valid at an instant.
    pub(crate) fn is_valid_at(&self, at: Timestamp) -> bool {
        self.not_before <= at && at <= self.not_after
    }

    /// Tells whether a PKCS#1 v1.5 signature over a message is right. Keys below 2,048 bits never are.
    pub(crate) fn verifies(&self, digest: Digest, message: &[u8], signature: &[u8]) -> bool {
        let scheme = match digest {
            Digest::Sha1 => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Digest::Sha256 => &RSA_PKCS1_2048_8192_SHA256,
        };
        UnparsedPublicKey::new(scheme, &self.rsa_key).verify(message, signature).is_ok()
    }
}

/// Returns the key inside of a `SubjectPublicKeyInfo` if its algorithm is `rsaEncryption` (1.2.840.113549.1.1.1).
fn rsa_key(info: &mut Der<'_>) -> Option<Vec<u8>> {
    const RSA_ENCRYPTION: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    const OBJECT_ID: u8 = 0x06;
    let algorithm = info.sequence()?.take(OBJECT_ID)?;
    let (unused_bits, key) = info.take(BIT_STRING)?.split_first()?;
    (algorithm == RSA_ENCRYPTION && *unused_bits == 0).then(|| key.to_vec())
}

/// Reads `YYMMDDHHMMSSZ` (1950 to 2049) or `YYYYMMDDHHMMSSZ`.
fn time(validity: &mut Der<'_>) -> Option<Timestamp> {
    let (tag, text) = validity.any()?;
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let year_digits = match tag {
        UTC_TIME => 2,
        GENERALIZED_TIME => 4,
        _ => return None,
    };
    let (year, rest) = text.split_at_checked(year_digits)?;
    let year: i16 = year.parse().ok()?;
    let year = match (tag, year) {
        (UTC_TIME, 0..50) => 2000 + year,
        (UTC_TIME, _) => 1900 + year,
        _ => year,
    };
    let two = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    if rest.len() != 10 {
        return None;
    }
    let day = Date::new(year, two(0)?, two(2)?).ok()?;
    let clock = Time::new(two(4)?, two(6)?, two(8)?, 0).ok()?;
    Some(day.to_datetime(clock).to_zoned(TimeZone::UTC).ok()?.timestamp())
}
