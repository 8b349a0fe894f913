//! How the server runs.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{bail, ensure};
use clap::Args;

use super::{EgressSettings, SignInArgs, SignInSettings, StoreArgs};

/// The port that is listened on without a setting.
const PORT: u16 = 7117;

/// The flags of `watchfire serve`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Address to listen on [default: 127.0.0.1:7117]
    #[arg(long, value_name = "ADDR", env = "WATCHFIRE_LISTEN")]
    listen: Option<SocketAddr>,
    /// Address by which people and senders reach the server [default: that of --listen]
    #[arg(long, value_name = "URL", env = "WATCHFIRE_BASE_URL")]
    base_url: Option<String>,
    /// Folder of plans to put in force at the start; with a fault in it the server does not start
    #[arg(long, value_name = "DIR", env = "WATCHFIRE_PLANS")]
    plans: Option<PathBuf>,
    /// Certificate chain (PEM): speak TLS
    #[arg(long, value_name = "FILE", env = "WATCHFIRE_TLS_CERT")]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", env = "WATCHFIRE_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// Connections of one IPv4 address or IPv6 /64 at a time; 0 is no limit, for a proxy in front [default: 64]
    #[arg(long, value_name = "N", env = "WATCHFIRE_CONNECTIONS_PER_ADDRESS")]
    connections_per_address: Option<usize>,
    /// Proxies whose X-Forwarded-For is believed
    #[arg(long, value_name = "IP", env = "WATCHFIRE_TRUSTED_PROXIES", value_delimiter = ',')]
    trusted_proxies: Vec<IpAddr>,
    /// Hosts and networks beyond the public internet that may be called: jira.corp.example, 10.2.0.0/16, or
    /// http://tool.corp.example:8080 where plain HTTP is spoken
    #[arg(long, value_name = "HOST", env = "WATCHFIRE_EGRESS_PERMIT", value_delimiter = ',')]
    egress_permit: Vec<String>,
    /// Certificates of authorities (PEM) that are trusted beside Mozilla's for outgoing calls
    #[arg(long, value_name = "FILE", env = "WATCHFIRE_EGRESS_CA")]
    egress_ca: Option<PathBuf>,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// What is logged: a level, or levels by module [default: info]
    #[arg(long, value_name = "FILTER", env = "WATCHFIRE_LOG")]
    log: Option<String>,
    /// Log lines as JSON
    #[arg(long, env = "WATCHFIRE_LOG_JSON")]
    log_json: bool,
    /// Play a short practice incident, marked as a drill, through the real intake
    #[arg(long)]
    demo: bool,
}

/// How the server runs, from all of flags, environment and file.
#[derive(Clone, Debug)]
pub(crate) struct ServeSettings {
    pub(crate) store: watchfire_store::Settings,
    pub(crate) listen: SocketAddr,
    /// As given; `None` is told by the bound address.
    pub(crate) base_url: Option<String>,
    pub(crate) plans: Option<PathBuf>,
    /// Certificate and key.
    pub(crate) tls: Option<(PathBuf, PathBuf)>,
    pub(crate) connections_per_address: Option<usize>,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    pub(crate) egress: EgressSettings,
    pub(crate) sign_in: SignInSettings,
    pub(crate) log: String,
    pub(crate) log_json: bool,
    pub(crate) demo: bool,
}

impl ServeArgs {
    /// Puts flags, environment and file together.
    ///
    /// # Errors
    /// The file cannot be used, or two settings do not go together.
    pub(crate) fn settings(self) -> anyhow::Result<ServeSettings> {
        let file = self.store.file()?;
        let tls = match (self.tls_cert.or(file.tls_cert.clone()), self.tls_key.or(file.tls_key.clone())) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => bail!("--tls-cert and --tls-key belong together: give both or none"),
        };
        let base_url = self.base_url.or(file.base_url.clone()).map(|url| url.trim_end_matches('/').to_owned());
        if let Some(url) = &base_url {
            let form = watchfire_core::text::is_web_link(url) && !url.contains(['?', '#']);
            ensure!(form, "--base-url has to be an http or https address without ? and #");
        }
        let store = self.store.settings(&file);
        let sign_in = self.sign_in.settings(&file)?;
        let proxies =
            if self.trusted_proxies.is_empty() { file.trusted_proxies.unwrap_or_default() } else { self.trusted_proxies };
        Ok(ServeSettings {
            store,
            listen: self.listen.or(file.listen).unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, PORT))),
            base_url,
            plans: self.plans.or(file.plans),
            tls,
            connections_per_address: self.connections_per_address.or(file.connections_per_address),
            trusted_proxies: proxies,
            sign_in,
            egress: EgressSettings {
                permit: if self.egress_permit.is_empty() { file.egress_permit.unwrap_or_default() } else { self.egress_permit },
                authorities: self.egress_ca.or(file.egress_ca),
            },
            log: self.log.or(file.log).unwrap_or_else(|| "info".to_owned()),
            log_json: self.log_json || file.log_json.unwrap_or(false),
            demo: self.demo,
        })
    }
}

impl ServeSettings {
    /// Returns the address that people and senders use, for a server bound to `bound`.
    pub(crate) fn base_url_for(&self, bound: SocketAddr) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let host = match bound.ip() {
            ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
            IpAddr::V6(v6) => format!("[{v6}]"),
            v4 @ IpAddr::V4(_) => v4.to_string(),
        };
        self.base_url.clone().unwrap_or_else(|| format!("{scheme}://{host}:{}", bound.port()))
    }
}
