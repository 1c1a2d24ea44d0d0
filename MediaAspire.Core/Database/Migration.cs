using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.Database;

/// <summary>One numbered SQL file, embedded in this assembly.</summary>
/// <param name="Version">The number in front of the file's name.</param>
/// <param name="Name">The file's name without its number and ending.</param>
/// <param name="Sql">The statements, run in one transaction.</param>
public sealed record Migration(int Version, string Name, string Sql)
{
    private const string Folder = ".Database.Migrations.";

    /// <summary>Gets the SHA-256 of <see cref="Sql"/>, in lower-case hexadecimal.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>Reads the embedded migrations in the order of their numbers.</summary>
    public static IReadOnlyList<Migration> ReadEmbedded()
    {
        var assembly = typeof(Migration).Assembly;

        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(Folder, StringComparison.Ordinal))
            .Select(name => Read(assembly, name))
            .OrderBy(migration => migration.Version)];
    }

    // MediaAspire.Core.Database.Migrations.0001_cluster.sql
    private static Migration Read(Assembly assembly, string resource)
    {
        var file = resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..^".sql".Length];
        var separator = file.IndexOf('_', StringComparison.Ordinal);

        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(int.Parse(file[..separator], System.Globalization.CultureInfo.InvariantCulture), file[(separator + 1)..], reader.ReadToEnd());
    }
}
