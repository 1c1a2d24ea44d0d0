namespace MediaAspire.Core.Database;

/// <summary>One SQL function, embedded in this assembly as a file of its own.</summary>
/// <param name="Name">The function's name, and the file's name without its ending.</param>
/// <param name="Sql">The statement that creates or replaces it.</param>
public sealed record DatabaseFunction(string Name, string Sql)
{
    /// <summary>Gets the SHA-256 of <see cref="Sql"/>, in lower-case hexadecimal.</summary>
    public string Checksum { get; } = EmbeddedSql.Checksum(Sql);

    /// <summary>Reads the embedded functions in the order of their names.</summary>
    public static IReadOnlyList<DatabaseFunction> ReadEmbedded() =>
        [.. EmbeddedSql.Read("Functions")
            .Select(file => new DatabaseFunction(file.Name, file.Sql))
            .OrderBy(function => function.Name, StringComparer.Ordinal)];
}
