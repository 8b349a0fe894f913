//! Recognises a value again without keeping it: a keyed hash by value, never by position.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The local key of fingerprints. Without it, a fingerprint cannot be tried against guessed values.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// Makes a key of 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns HMAC-SHA-256 over the service, a zero byte and the value, as 64 hex digits.
    pub fn fingerprint(&self, service: &str, value: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(service.as_bytes());
        mac.update(&[0]);
        mac.update(value);
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_depends_on_key_service_and_value() {
        let key = Key::new([1; 32]);
        let print = key.fingerprint("github", b"value");
        assert_eq!(print.len(), 64);
        assert_eq!(print, key.fingerprint("github", b"value"));
        assert_ne!(print, key.fingerprint("gitlab", b"value"));
        assert_ne!(print, key.fingerprint("github", b"valuf"));
        assert_ne!(print, Key::new([2; 32]).fingerprint("github", b"value"));
    }
}
