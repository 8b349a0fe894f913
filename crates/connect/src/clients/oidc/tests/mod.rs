mod forged;
mod provider;
mod stories;
