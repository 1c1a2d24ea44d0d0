using System.Security.Cryptography;
using System.Text;

namespace MediaAspire.Core.Database;

/// <summary>The SQL files that are embedded in this assembly.</summary>
internal static class EmbeddedSql
{
    private const string Extension = ".sql";

    /// <summary>Reads the files of a folder beside this class, by their names without the extension.</summary>
    public static IEnumerable<(string Name, string Sql)> Read(string folder)
    {
        // MediaAspire.Core.Database.Migrations.0001_cluster.sql
        var assembly = typeof(EmbeddedSql).Assembly;
        var prefix = $"{typeof(EmbeddedSql).Namespace}.{folder}.";
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[prefix.Length..^Extension.Length], reader.ReadToEnd());
        }
    }

    /// <summary>Computes the SHA-256 of statements, in lower-case hexadecimal.</summary>
    public static string Checksum(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
}
