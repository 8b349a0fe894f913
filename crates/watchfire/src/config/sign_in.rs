//! How people sign in: sessions, and the organisation's identity provider.

use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use clap::Args;
use jiff::SignedDuration;
use watchfire_connect::clients::oidc;
use watchfire_core::access::Role;
use watchfire_engine::sign_in::{Groups, Sessions};

use super::{FileSettings, Hidden};

/// The flags of signing in.
#[derive(Args, Clone, Default, Debug)]
pub(crate) struct SignInArgs {
    /// Minutes after which a session that is not used ends [default: 30]
    #[arg(long, value_name = "N", env = "WATCHFIRE_SESSION_IDLE_MINUTES")]
    session_idle_minutes: Option<i64>,
    /// Hours after which every session ends [default: 12]
    #[arg(long, value_name = "N", env = "WATCHFIRE_SESSION_HOURS")]
    session_hours: Option<i64>,
    /// Identity provider (OpenID Connect): its issuer, exactly as it writes it
    #[arg(long, value_name = "URL", env = "WATCHFIRE_SIGN_ON_ISSUER")]
    sign_on_issuer: Option<String>,
    /// Our client id at the identity provider
    #[arg(long, value_name = "ID", env = "WATCHFIRE_SIGN_ON_CLIENT_ID")]
    sign_on_client_id: Option<String>,
    /// Our secret at the identity provider; better in the environment or in a file than on a command line
    #[arg(long, value_name = "SECRET", env = "WATCHFIRE_SIGN_ON_CLIENT_SECRET", hide_env_values = true)]
    sign_on_client_secret: Option<Hidden>,
    /// File that holds our secret at the identity provider
    #[arg(long, value_name = "FILE", env = "WATCHFIRE_SIGN_ON_CLIENT_SECRET_FILE")]
    sign_on_client_secret_file: Option<PathBuf>,
    /// What the button says after "Sign in with" [default: the issuer's host]
    #[arg(long, value_name = "NAME", env = "WATCHFIRE_SIGN_ON_NAME")]
    sign_on_name: Option<String>,
    /// Scopes to ask for beside openid [default: email,profile]
    #[arg(long, value_name = "SCOPE", env = "WATCHFIRE_SIGN_ON_SCOPES", value_delimiter = ',')]
    sign_on_scopes: Vec<String>,
    /// Claim that lists a person's groups [default: groups]
    #[arg(long, value_name = "CLAIM", env = "WATCHFIRE_SIGN_ON_GROUPS_CLAIM")]
    sign_on_groups_claim: Option<String>,
    /// Hosts beside the issuer's that the identity provider answers at
    #[arg(long, value_name = "HOST", env = "WATCHFIRE_SIGN_ON_HOSTS", value_delimiter = ',')]
    sign_on_hosts: Vec<String>,
    /// Role of a group's people, such as secops-leads=manager; several times
    #[arg(long, value_name = "GROUP=ROLE", env = "WATCHFIRE_SIGN_ON_ROLES", value_delimiter = ';')]
    sign_on_roles: Vec<String>,
    /// Team of a group's people, such as secops-people=secops; several times
    #[arg(long, value_name = "GROUP=TEAM", env = "WATCHFIRE_SIGN_ON_TEAMS", value_delimiter = ';')]
    sign_on_teams: Vec<String>,
}

/// How people sign in, from all of flags, environment and file.
#[derive(Clone, Default, Debug)]
pub(crate) struct SignInSettings {
    pub(crate) sessions: Sessions,
    pub(crate) sign_on: Option<SignOnSettings>,
}

/// The identity provider and what its groups mean here.
#[derive(Clone, Debug)]
pub(crate) struct SignOnSettings {
    pub(crate) name: String,
    pub(crate) provider: oidc::Settings,
    pub(crate) groups: Groups,
}

impl SignInArgs {
    /// Puts flags, environment and file together.
    ///
    /// # Errors
    /// Settings do not go together, or one of them cannot be understood; the text names it.
    pub(crate) fn settings(self, file: &FileSettings) -> anyhow::Result<SignInSettings> {
        let idle = self.session_idle_minutes.or(file.session_idle_minutes).unwrap_or(30);
        let hours = self.session_hours.or(file.session_hours).unwrap_or(12);
        ensure!((1..=24 * 60).contains(&idle), "--session-idle-minutes: {idle} is not 1 to 1440");
        ensure!((1..=24 * 30).contains(&hours), "--session-hours: {hours} is not 1 to 720");
        let sessions = Sessions { idle: SignedDuration::from_mins(idle), whole: SignedDuration::from_hours(hours) };
        Ok(SignInSettings { sessions, sign_on: self.sign_on(file)? })
    }

    fn sign_on(self, file: &FileSettings) -> anyhow::Result<Option<SignOnSettings>> {
        let Some(issuer) = self.sign_on_issuer.or_else(|| file.sign_on_issuer.clone()) else {
            if self.sign_on_client_id.is_some() || file.sign_on_client_id.is_some() {
                bail!("--sign-on-client-id needs --sign-on-issuer");
            }
            return Ok(None);
        };
        let Some(client_id) = self.sign_on_client_id.or_else(|| file.sign_on_client_id.clone()) else {
            bail!("--sign-on-issuer needs --sign-on-client-id: the name under which the identity provider knows Watchfire");
        };
        let secret = self.sign_on_client_secret.or_else(|| file.sign_on_client_secret.clone());
        let client_secret = match (secret, self.sign_on_client_secret_file.or_else(|| file.sign_on_client_secret_file.clone())) {
            (Some(_), Some(_)) => bail!("give one of --sign-on-client-secret and --sign-on-client-secret-file, not both"),
            (Some(secret), None) => Some(secret.expose().to_owned()),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(&path);
                let text = text.with_context(|| format!("--sign-on-client-secret-file: cannot read {}", path.display()))?;
                ensure!(!text.trim().is_empty(), "--sign-on-client-secret-file: {} is empty", path.display());
                Some(text.trim().to_owned())
            }
            (None, None) => None,
        };
        let list = |given: Vec<String>, kept: &Option<Vec<String>>| if given.is_empty() { kept.clone() } else { Some(given) };
        let default = || vec!["email".to_owned(), "profile".to_owned()];
        let provider = oidc::Settings {
            issuer,
            client_id,
            client_secret,
            groups_claim: self
                .sign_on_groups_claim
                .or_else(|| file.sign_on_groups_claim.clone())
                .unwrap_or_else(|| "groups".to_owned()),
            scopes: list(self.sign_on_scopes, &file.sign_on_scopes).unwrap_or_else(default),
            hosts: list(self.sign_on_hosts, &file.sign_on_hosts).unwrap_or_default(),
        };
        provider.check().context("--sign-on-issuer")?;
        let host = http::Uri::try_from(provider.issuer.as_str()).ok().and_then(|uri| uri.host().map(str::to_owned));
        let name = self.sign_on_name.or_else(|| file.sign_on_name.clone()).or(host).unwrap_or_default();
        let roles = list(self.sign_on_roles, &file.sign_on_roles).unwrap_or_default();
        let roles = roles.iter().map(|text| role(text)).collect::<anyhow::Result<_>>().context("--sign-on-roles")?;
        let teams = list(self.sign_on_teams, &file.sign_on_teams).unwrap_or_default();
        let teams = teams.iter().map(|text| pair(text)).collect::<anyhow::Result<_>>().context("--sign-on-teams")?;
        Ok(Some(SignOnSettings { name, provider, groups: Groups { roles, teams } }))
    }
}

fn role(text: &str) -> anyhow::Result<(String, Role)> {
    let (group, word) = pair(text)?;
    let role = Role::parse(&word).with_context(|| format!("{word:?} is no role: owner, manager, member or restricted"))?;
    Ok((group, role))
}

/// Takes `group=word` apart at the last sign: a group may be a name of LDAP, which holds some itself.
fn pair(text: &str) -> anyhow::Result<(String, String)> {
    let pair = text.rsplit_once('=').map(|(group, word)| (group.trim(), word.trim()));
    match pair.filter(|(group, word)| !group.is_empty() && !word.is_empty()) {
        Some((group, word)) => Ok((group.to_owned(), word.to_owned())),
        None => bail!("{text:?} is not of the form group=word"),
    }
}
