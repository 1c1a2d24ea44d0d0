namespace MediaAspire.Tests.Offline;

internal sealed record PackageIdentity(string Id, string Version);
