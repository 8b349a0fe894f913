//! Passkeys: the ceremonies of WebAuthn, with user verification demanded in both.
//!
//! Nothing is sent anywhere: a browser's answer is checked against the state of the question, which never leaves the
//! server, and the origin that people reach us by. Texts are JSON as the browser's own functions take and give it.

use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
    WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// How long a browser may take to answer; the state is kept as long.
pub const PATIENCE_S: u64 = 300;

/// Why a ceremony did not succeed.
#[derive(Debug, Error)]
pub enum PasskeyError {
    /// Browsers know no passkeys at this address.
    #[error("passkeys need a host name with TLS, or localhost: set --base-url to the name that people use")]
    Address,
    /// The answer is not what was asked for.
    #[error("the passkey's answer is refused: {0}")]
    Refused(#[from] WebauthnError),
    /// The answer, or what was kept of the question, cannot be read.
    #[error("the passkey's answer cannot be read")]
    Unreadable,
}

/// A question for the browser and the state to compare its answer with.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Options for `navigator.credentials`, as JSON.
    pub options: String,
    /// To be kept on the server, sealed, and used once.
    pub state: String,
}

/// A passkey that was made: its id, and what is needed to check it later.
#[derive(Clone, Debug)]
pub struct Made {
    pub id: Vec<u8>,
    pub passkey: String,
}

/// Which passkey an answer claims to come from, before it is checked.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: Vec<u8>,
    /// The handle of the person that the passkey was made for, a UUID.
    pub handle: String,
}

/// The ceremonies for one origin.
#[derive(Debug)]
pub struct Passkeys(Webauthn);

impl Passkeys {
    /// Prepares for the address that people reach us by.
    ///
    /// # Errors
    /// [`PasskeyError::Address`] for an address without a name, or without TLS elsewhere than on `localhost`.
    pub fn new(base_url: &str) -> Result<Self, PasskeyError> {
        let url = Url::parse(base_url).map_err(|_| PasskeyError::Address)?;
        let host = url.domain().ok_or(PasskeyError::Address)?.to_owned();
        let local = host == "localhost" || host.ends_with(".localhost");
        if url.scheme() != "https" && !local {
            return Err(PasskeyError::Address);
        }
        let builder = WebauthnBuilder::new(&host, &url).map_err(|_| PasskeyError::Address)?;
        let patience = std::time::Duration::from_secs(PATIENCE_S);
        builder.rp_name("Watchfire").timeout(patience).build().map(Self).map_err(|_| PasskeyError::Address)
    }

    /// Asks for a new passkey of somebody; `known` are those that they have, as kept; their devices make no second one.
    ///
    /// # Errors
    /// [`PasskeyError::Refused`].
    pub fn ask_for_new(&self, handle: &str, login: &str, name: &str, known: &[String]) -> Result<Asked, PasskeyError> {
        let known = known.iter().map(|kept| Ok(read::<Passkey>(kept)?.cred_id().clone())).collect::<Result<_, PasskeyError>>()?;
        let handle = Uuid::try_parse(handle).map_err(|_| PasskeyError::Unreadable)?;
        let (options, state) = self.0.start_passkey_registration(handle, login, name, Some(known))?;
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyError::Unreadable)?;
        // Sign-in begins without a name, so that it tells nobody who has an account: the passkey has to know whose it is.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = Value::from("required");
        options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = Value::from(true);
        Ok(Asked { options: options.to_string(), state: text(&state)? })
    }

    /// Checks the browser's answer to [`Passkeys::ask_for_new`].
    ///
    /// # Errors
    /// It answers another question, comes from another origin, or nobody was verified.
    pub fn new_one(&self, state: &str, answer: &str) -> Result<Made, PasskeyError> {
        let state: PasskeyRegistration = read(state)?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let passkey = self.0.finish_passkey_registration(&answer, &state)?;
        Ok(Made { id: passkey.cred_id().to_vec(), passkey: text(&passkey)? })
    }

    /// Asks whoever sits there to prove who they are, with any passkey of this site.
    ///
    /// # Errors
    /// [`PasskeyError::Refused`].
    pub fn ask(&self) -> Result<Asked, PasskeyError> {
        let (options, state) = self.0.start_discoverable_authentication()?;
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyError::Unreadable)?;
        // Asked for by a button, not offered beside a field.
        options.as_object_mut().map(|options| options.remove("mediation"));
        Ok(Asked { options: options.to_string(), state: text(&state)? })
    }

    /// Reads which passkey an answer claims to come from.
    ///
    /// # Errors
    /// [`PasskeyError::Unreadable`].
    pub fn claimed(&self, answer: &str) -> Result<Claimed, PasskeyError> {
        let answer: PublicKeyCredential = read(answer)?;
        let (handle, id) = self.0.identify_discoverable_authentication(&answer)?;
        Ok(Claimed { id: id.to_vec(), handle: handle.to_string() })
    }

    /// Checks an answer to [`Passkeys::ask`] against a kept passkey; returns the passkey as it is to be kept from now on
    /// where it has changed (its counter, or that it is backed up).
    ///
    /// # Errors
    /// It answers another question, comes from another origin, nobody was verified, or the counter shows a copy.
    pub fn check(&self, state: &str, answer: &str, passkey: &str) -> Result<Option<String>, PasskeyError> {
        let state: DiscoverableAuthentication = read(state)?;
        let answer: PublicKeyCredential = read(answer)?;
        let mut passkey: Passkey = read(passkey)?;
        let found = self.0.finish_discoverable_authentication_v2(&answer, state, &passkey)?;
        if !found.user_verified() || passkey.update_credential(&found).is_none() {
            return Err(PasskeyError::Unreadable);
        }
        if found.needs_update() { text(&passkey).map(Some) } else { Ok(None) }
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, PasskeyError> {
    serde_json::from_str(text).map_err(|_| PasskeyError::Unreadable)
}

fn text<T: serde::Serialize>(value: &T) -> Result<String, PasskeyError> {
    serde_json::to_string(value).map_err(|_| PasskeyError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_with_tls_or_this_very_machine() {
        for address in ["https://watchfire.example.org", "https://watchfire.example.org:8443", "http://localhost:7117"] {
            assert!(Passkeys::new(address).is_ok(), "{address}");
        }
        for address in ["http://127.0.0.1:7117", "https://192.0.2.1", "http://watchfire.example.org", "watchfire"] {
            assert!(matches!(Passkeys::new(address), Err(PasskeyError::Address)), "{address}");
        }
    }

    #[test]
    fn a_question_demands_a_passkey_that_knows_whose_it_is_and_a_person_who_is_verified() {
        let passkeys = Passkeys::new("https://watchfire.example.org").expect("a name with TLS");
        let asked = passkeys.ask_for_new(&Uuid::nil().to_string(), "ada@example.org", "Ada", &[]).expect("it can be asked");
        let options: Value = serde_json::from_str(&asked.options).expect("JSON");
        let selection = &options["publicKey"]["authenticatorSelection"];
        assert_eq!(
            (&selection["residentKey"], &selection["userVerification"]),
            (&Value::from("required"), &Value::from("required"))
        );
        let asked = passkeys.ask().expect("it can be asked");
        let options: Value = serde_json::from_str(&asked.options).expect("JSON");
        assert_eq!(options["publicKey"]["userVerification"], "required");
        assert!(options["publicKey"]["allowCredentials"].as_array().is_none_or(Vec::is_empty), "nobody's passkeys are told");
        assert!(passkeys.check(&asked.state, "{}", "{}").is_err());
        assert!(passkeys.claimed("not json").is_err());
    }
}
