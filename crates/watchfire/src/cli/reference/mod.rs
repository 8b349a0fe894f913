//! The reference pages: `commands` from clap, `configuration` from the flags of `serve`, `api` from the OpenAPI document.

mod api;
mod commands;
mod configuration;
mod pages;

pub(super) use pages::pages;
