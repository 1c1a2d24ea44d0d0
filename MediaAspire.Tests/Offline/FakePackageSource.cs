using System.IO.Compression;

namespace MediaAspire.Tests.Offline;

/// <summary>A folder that NuGet takes for a package source. Its packages have ids, versions and dependencies, and nothing else.</summary>
internal sealed class FakePackageSource
{
    public FakePackageSource(string folder)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
    }

    public string Folder { get; }

    public void Add(PackageIdentity package, params IEnumerable<PackageIdentity> dependencies)
    {
        using var archive = new ZipArchive(File.Create(PathOf(package)), ZipArchiveMode.Create);
        using (var nuspec = new StreamWriter(archive.CreateEntry(package.Id + ".nuspec").Open()))
        {
            nuspec.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>{package.Id}</id>
                    <version>{package.Version}</version>
                    <authors>nobody</authors>
                    <description>Empty.</description>
                    <dependencies>
                      <group targetFramework="net10.0">
                        {string.Concat(dependencies.Select(each => $"<dependency id=\"{each.Id}\" version=\"{each.Version}\" />"))}
                      </group>
                    </dependencies>
                  </metadata>
                </package>
                """);
        }

        archive.CreateEntry("lib/net10.0/_._");
    }

    public void Remove(PackageIdentity package) => File.Delete(PathOf(package));

    private string PathOf(PackageIdentity package) => Path.Combine(Folder, $"{package.Id}.{package.Version}.nupkg");
}
