using System.Globalization;

namespace MediaAspire.Core.Database;

/// <summary>One numbered SQL file, embedded in this assembly.</summary>
/// <param name="Version">The number in front of the file's name.</param>
/// <param name="Name">The file's name without its number and ending.</param>
/// <param name="Sql">The statements, run in one transaction.</param>
public sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>Gets the SHA-256 of <see cref="Sql"/>, in lower-case hexadecimal.</summary>
    public string Checksum { get; } = EmbeddedSql.Checksum(Sql);

    /// <summary>Reads the embedded migrations in the order of their numbers.</summary>
    public static IReadOnlyList<Migration> ReadEmbedded() =>
        [.. EmbeddedSql.Read("Migrations").Select(file => Parse(file.Name, file.Sql)).OrderBy(migration => migration.Version)];

    private static Migration Parse(string file, string sql)
    {
        var separator = file.IndexOf('_', StringComparison.Ordinal);
        return new(int.Parse(file[..separator], CultureInfo.InvariantCulture), file[(separator + 1)..], sql);
    }
}
