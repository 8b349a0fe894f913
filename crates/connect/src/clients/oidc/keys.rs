//! The provider's public keys (RFC 7517, 7518) and the algorithms that are believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::Value;

/// The algorithms that are believed: each needs the provider's private key. `none` proves nothing, and with HS256 and its
/// kin whoever knows the key that checks could sign too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

impl Algorithm {
    /// Reads the name in a token's head; `None` for every other.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "PS256" => Self::Ps256,
            "PS384" => Self::Ps384,
            "PS512" => Self::Ps512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "EdDSA" | "Ed25519" => Self::EdDsa,
            _ => return None,
        })
    }
}

/// Public keys that may have signed.
#[derive(Clone, Default, Debug)]
pub(super) struct Keys(Vec<Key>);

#[derive(Clone, Debug)]
struct Key {
    id: Option<String>,
    /// The only algorithm that the key is for, where its provider says so.
    only: Option<String>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// Why no key was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NoKey {
    /// No key has that id: the provider may have made a new one since.
    Unknown,
    /// There are keys, but the choice is not clear, or none is for the algorithm.
    Unfit,
}

impl Keys {
    /// Reads a key set. Keys of kinds that we do not know, for encryption, or symmetric ones are left out.
    pub(super) fn read(document: &Value) -> Self {
        let keys = document["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self(keys.iter().take(100).filter_map(Key::read).collect())
    }

    /// Verifies a signature with the key that the token's head names.
    ///
    /// # Errors
    /// [`NoKey`] if there is no such key; `Ok(false)` is a wrong signature.
    pub(super) fn verify(&self, id: Option<&str>, algorithm: &str, message: &[u8], signed: &[u8]) -> Result<bool, NoKey> {
        let parsed = Algorithm::parse(algorithm).ok_or(NoKey::Unfit)?;
        let known = |key: &&Key| id.is_none() || key.id.as_deref() == id;
        if !self.0.iter().any(|key| known(&key)) {
            return Err(NoKey::Unknown);
        }
        let mut fit = self.0.iter().filter(known).filter(|key| key.is_for(parsed, algorithm));
        // Without an id exactly one key may fit; trying several would let a weak one answer for a strong one.
        match (fit.next(), fit.next()) {
            (Some(key), None) => Ok(key.verify(parsed, message, signed)),
            _ => Err(NoKey::Unfit),
        }
    }
}

impl Key {
    fn read(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk[name].as_str();
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        if jwk["key_ops"].as_array().is_some_and(|ops| !ops.iter().any(|op| op == "verify")) {
            return None;
        }
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let point = |length: usize| {
            let (x, y) = (bytes("x")?, bytes("y")?);
            (x.len() == length && y.len() == length).then(|| [&[4][..], &x, &y].concat())
        };
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => Material::Rsa { n: bytes("n")?, e: bytes("e")? },
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes("x")?),
            _ => return None,
        };
        Some(Self { id: text("kid").map(str::to_owned), only: text("alg").map(str::to_owned), material })
    }

    fn is_for(&self, algorithm: Algorithm, name: &str) -> bool {
        use Algorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
        let kind = match &self.material {
            Material::Rsa { .. } => matches!(algorithm, Rs256 | Rs384 | Rs512 | Ps256 | Ps384 | Ps512),
            Material::P256(_) => algorithm == Es256,
            Material::P384(_) => algorithm == Es384,
            Material::Ed25519(_) => algorithm == EdDsa,
        };
        kind && self.only.as_deref().is_none_or(|only| only == name)
    }

    fn verify(&self, algorithm: Algorithm, message: &[u8], signed: &[u8]) -> bool {
        let curve = |parameters: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(parameters, key).verify(message, signed).is_ok()
        };
        match &self.material {
            Material::Rsa { n, e } => {
                let parameters = match algorithm {
                    Algorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    Algorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                    Algorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
                    Algorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
                    Algorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
                    _ => &signature::RSA_PKCS1_2048_8192_SHA256,
                };
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signed).is_ok()
            }
            Material::P256(key) => curve(&signature::ECDSA_P256_SHA256_FIXED, key),
            Material::P384(key) => curve(&signature::ECDSA_P384_SHA384_FIXED, key),
            Material::Ed25519(key) => curve(&signature::ED25519, key),
        }
    }
}
