namespace FeedBuilder;

/// <summary>An assembly as a package carries it.</summary>
/// <param name="Path">Path inside the package, such as <c>lib/net10.0/System.IO.Hashing.dll</c>.</param>
/// <param name="AssemblyVersion">Version that the assembly must declare.</param>
internal sealed record PackageAsset(string Path, Version AssemblyVersion);
