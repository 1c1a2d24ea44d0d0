using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace FeedBuilder;

/// <summary>Puts genuine assemblies out of a bundle back into packages of their genuine ids and versions.</summary>
internal sealed class Repackager(SingleFileBundle bundle, DependencyManifest manifest, string origin, string recipes, string feed)
{
    // Equal input gives an equal package, byte for byte; zip cannot date anything earlier.
    private static readonly DateTimeOffset s_epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes <c>id.version.nupkg</c> into the feed; whoever reads the feed never sees half of one.</summary>
    /// <returns>Path of the package.</returns>
    /// <exception cref="InvalidDataException">The bundle does not carry what the package needs.</exception>
    public string Write(string id, string version)
    {
        var nuspec = File.ReadAllText(Path.Combine(recipes, id + ".nuspec")).Replace("$version$", version, StringComparison.Ordinal);
        var asset = manifest.FindAsset(id, version);
        var path = Path.Combine(feed, $"{id}.{version}.nupkg");
        var unfinished = path + ".part";

        using (var package = new ZipArchive(File.Create(unfinished), ZipArchiveMode.Create))
        {
            Add(package, id + ".nuspec", Encoding.UTF8.GetBytes(nuspec));
            Add(package, "[Content_Types].xml", Encoding.UTF8.GetBytes(ContentTypes));
            Add(package, "README.md", Encoding.UTF8.GetBytes(Readme(id, version)));
            if (asset is null)
            {
                // Tells NuGet that the package suits the framework although it brings no assembly.
                Add(package, "lib/net10.0/_._", []);
            }
            else
            {
                Add(package, asset.Path, ReadVerified(asset));
            }
        }

        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    private byte[] ReadVerified(PackageAsset asset)
    {
        var file = Path.GetFileName(asset.Path);
        var content = bundle.Read(file);
        using var image = new PEReader(new MemoryStream(content));
        var metadata = image.GetMetadataReader();
        var assembly = metadata.GetAssemblyDefinition();
        var name = metadata.GetString(assembly.Name);
        if (name != Path.GetFileNameWithoutExtension(file) || assembly.Version != asset.AssemblyVersion)
        {
            throw new InvalidDataException(
                $"{file} of the bundle declares itself {name} {assembly.Version}; {asset.AssemblyVersion} was recorded.");
        }

        return content;
    }

    private static void Add(ZipArchive package, string path, byte[] content)
    {
        var entry = package.CreateEntry(path);
        entry.LastWriteTime = s_epoch;
        using var stream = entry.Open();
        stream.Write(content);
    }

    private string Readme(string id, string version) =>
        $"""
        # {id} {version}

        The genuine assembly, repackaged on this machine from {origin}, because no package source of this
        machine offers the package itself. Not for redistribution: the licence named in the package is that of
        its authors, and the genuine package is the one to get it from.

        """;

    private const string ContentTypes =
        """
        <?xml version="1.0" encoding="utf-8"?>
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
          <Default Extension="nuspec" ContentType="application/octet" />
          <Default Extension="dll" ContentType="application/octet" />
          <Default Extension="md" ContentType="application/octet" />
          <Override PartName="/lib/net10.0/_._" ContentType="application/octet" />
        </Types>
        """;
}
