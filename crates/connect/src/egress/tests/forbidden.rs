use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::server::{Reply, Scripted, egress, serve};
use crate::egress::address::forbidden;
use crate::egress::{Call, Egress, EgressError, Hosts, Limits, Settings};

/// Spellings of places that may not be called; `PORT` becomes the port of a listener on loopback.
const SPELLINGS: &[&str] = &[
    // loopback, in every way that some reader takes
    "https://127.0.0.1:PORT/",
    "https://127.1:PORT/",
    "https://127.0.1:PORT/",
    "https://127.000.000.001:PORT/",
    "https://0177.0.0.1:PORT/",
    "https://0177.0.0.01:PORT/",
    "https://0x7f.0.0.1:PORT/",
    "https://0x7f.1:PORT/",
    "https://0x7F000001:PORT/",
    "https://0x7f.0x0.0x0.0x1:PORT/",
    "https://2130706433:PORT/",
    "https://017700000001:PORT/",
    "https://127.0.0.1.:PORT/",
    "https://%31%32%37.0.0.1:PORT/",
    "https://127%2e0%2e0%2e1:PORT/",
    "https://127。0。0。1:PORT/",
    "https://127．0．0．1:PORT/",
    "https://①②⑦.⓪.⓪.①:PORT/",
    "https://１２７.0.0.1:PORT/",
    "https://127.255.255.254:PORT/",
    "https://[::1]:PORT/",
    "https://[0:0:0:0:0:0:0:1]:PORT/",
    "https://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/",
    "https://[::127.0.0.1]:PORT/",
    "https://[::ffff:127.0.0.1]:PORT/",
    "https://[::ffff:7f00:1]:PORT/",
    "https://[::FFFF:7F00:0001]:PORT/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
    "https://[::ffff:0:127.0.0.1]:PORT/",
    "https://[64:ff9b::127.0.0.1]:PORT/",
    "https://[64:ff9b::7f00:1]:PORT/",
    "https://[64:ff9b:1::7f00:1]:PORT/",
    "https://[2002:7f00:1::]:PORT/",
    "https://[2002:7f00:0001::1]:PORT/",
    "https://[2001:0:7f00:1::]:PORT/",
    "https://[2001::80ff:fffe]:PORT/",
    // unspecified, which systems take as loopback
    "https://0:PORT/",
    "https://0.0.0.0:PORT/",
    "https://00000000:PORT/",
    "https://0x0:PORT/",
    "https://0.1.2.3:PORT/",
    "https://[::]:PORT/",
    "https://[::ffff:0.0.0.0]:PORT/",
    // metadata
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0xA9.0xFE.0xA9.0xFE/",
    "https://0251.0376.0251.0376/",
    "https://169.254.43518/",
    "https://169.16689662/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::a9fe:a9fe]/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://192.0.0.192/",
    // private and special networks
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://012.0.0.1/",
    "https://167772161/",
    "https://172.16.0.1/",
    "https://172.31.255.254/",
    "https://0xac.0x10.0.1/",
    "https://192.168.0.1/",
    "https://0xc0a80001/",
    "https://3232235521/",
    "https://192.168.257/",
    "https://100.64.0.1/",
    "https://100.127.255.254/",
    "https://169.254.0.1/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://198.18.0.1/",
    "https://198.19.255.254/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[fc00::1]/",
    "https://[fd12:3456:789a::1]/",
    "https://[fe80::1]/",
    "https://[febf::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[ff0e::1]/",
    "https://[2001:db8::1]/",
    "https://[2001:10::1]/",
    "https://[3fff::1]/",
    "https://[2002:a00:1::]/",
    "https://[2002:c0a8:1::]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[100::1]/",
    "https://[5f00::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::10.0.0.1]/",
    // other ways out
    "http://127.0.0.1:PORT/",
    "http://example.com/",
    "HTTP://example.com/",
    "ftp://127.0.0.1:PORT/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/_x",
    "unix:/run/x.sock",
    "data:text/plain,x",
    "//127.0.0.1:PORT/",
    "/relative",
    "",
    "https://",
    "https:///",
    "https://user@127.0.0.1:PORT/",
    "https://user:word@example.com/",
    "https://example.com@127.0.0.1:PORT/",
    "https://127.0.0.1:PORT\\@example.com/",
    "https:\\\\127.0.0.1:PORT\\",
    "https://127.0.0.1:PORT#@example.com/",
    "https://127.0.0.1:PORT?@example.com/",
    "https://exam\tple.com/",
    "https://127.0.0.1:PORT/\r\nhost: x",
    "https://[::1%25lo]:PORT/",
    "https://[::1%lo]:PORT/",
    "https://127.0.0.1:99999/",
];

#[tokio::test]
async fn no_spelling_of_a_forbidden_place_is_connected_to() {
    let server = serve(Reply::Silence).await;
    let egress = Egress::new(Settings::default()).expect("the defaults are valid");
    assert!(SPELLINGS.len() >= 80);
    for spelling in SPELLINGS {
        let url = spelling.replace("PORT", &server.address.port().to_string());
        let error = egress.send(Call::get(url.clone()), &Hosts::public()).await.expect_err(&url);
        let refused = matches!(error, EgressError::Address { .. } | EgressError::Url { .. } | EgressError::Plain { .. });
        assert!(refused, "{url}: {error:?}");
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn names_of_forbidden_places_are_not_connected_to() {
    let server = serve(Reply::Silence).await;
    let port = server.address.port();
    for address in ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fd00::1"] {
        let egress = egress(&[], Limits::default(), Scripted::new(&[&[address]]));
        let url = format!("https://harmless.example:{port}/");
        let error = egress.send(Call::get(url), &Hosts::public()).await.expect_err(address);
        assert!(matches!(error, EgressError::Address { .. }), "{address}: {error:?}");
    }
    let system = Egress::new(Settings::default()).expect("the defaults are valid");
    let error = system.send(Call::get(format!("https://localhost:{port}/")), &Hosts::public()).await.expect_err("localhost");
    assert!(matches!(error, EgressError::Address { .. }), "{error:?}");
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_that_changes_after_the_check_reaches_nothing_inside() {
    let server = serve(Reply::Silence).await;
    // 192.0.2.1 is nobody's address; permitted here, it stands for a public one. The second answer is loopback.
    let resolver = Scripted::new(&[&["192.0.2.1"], &["127.0.0.1"]]);
    let limits = Limits { connect: Duration::from_millis(200), ..Limits::default() };
    let egress = egress(&["192.0.2.1/32"], limits, Arc::clone(&resolver) as _);
    let url = format!("https://rebind.example:{}/", server.address.port());
    let error = egress.send(Call::get(url.clone()), &Hosts::public()).await.expect_err("nobody is there");
    assert!(matches!(error, EgressError::Connect { .. } | EgressError::Timeout { .. }), "{error:?}");
    assert_eq!(resolver.asked.load(Ordering::SeqCst), 1, "a connection asks once");
    // The next connection asks again and is checked again.
    let error = egress.send(Call::get(url), &Hosts::public()).await.expect_err("now it is loopback");
    assert!(matches!(error, EgressError::Address { .. }), "{error:?}");
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_host_that_is_not_listed_is_not_called() {
    let resolver = Scripted::new(&[&["192.0.2.1"]]);
    let egress = egress(&["192.0.2.0/24"], Limits::default(), Arc::clone(&resolver) as _);
    let hosts = Hosts::of_urls(["https://api.vendor.example/v1"]);
    for host in ["evil.example", "api.vendor.example.evil.example", "vendor.example", "xapi.vendor.example"] {
        let error = egress.send(Call::get(format!("https://{host}/")), &hosts).await.expect_err(host);
        assert!(matches!(error, EgressError::Host { .. }), "{error:?}");
    }
    assert_eq!(resolver.asked.load(Ordering::SeqCst), 0);
}

#[test]
fn public_addresses_are_public() {
    for address in
        ["1.1.1.1", "8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]
    {
        let parsed: IpAddr = address.parse().expect("a written address");
        assert_eq!(forbidden(parsed), None, "{address}");
    }
}
