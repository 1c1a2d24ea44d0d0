using System.Collections.Frozen;

namespace MediaAspire.Core.ApiKeys;

/// <summary>The names of scopes, as clients and the database write them.</summary>
public static class ApiScopeNames
{
    public const string Read = "read";
    public const string Write = "write";
    public const string Admin = "admin";
    public const string Metrics = "metrics";
    public const string FilesRead = "files:read";
    public const string FilesWrite = "files:write";
    public const string ImagesRead = "images:read";
    public const string ImagesWrite = "images:write";
    public const string MediaRead = "media:read";
    public const string MediaWrite = "media:write";
    public const string MediaEvents = "media:events";

    private static readonly FrozenDictionary<string, ApiScopes> s_scopes = new Dictionary<string, ApiScopes>
    {
        [Admin] = ApiScopes.Admin,
        [FilesRead] = ApiScopes.FilesRead,
        [FilesWrite] = ApiScopes.FilesWrite,
        [ImagesRead] = ApiScopes.ImagesRead,
        [ImagesWrite] = ApiScopes.ImagesWrite,
        [MediaEvents] = ApiScopes.MediaEvents,
        [MediaRead] = ApiScopes.MediaRead,
        [MediaWrite] = ApiScopes.MediaWrite,
        [Metrics] = ApiScopes.Metrics,
        [Read] = ApiScopes.Read,
        [Write] = ApiScopes.Write,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Gets every name, in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_scopes.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Finds the scope of a name.</summary>
    public static bool TryParse(string name, out ApiScopes scope) => s_scopes.TryGetValue(name, out scope);

    /// <summary>Names every scope that is included in the given ones, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names(ApiScopes scopes) => [.. All.Where(name => scopes.HasFlag(s_scopes[name]))];

    /// <summary>Combines scopes by their names. A name that this version does not know grants nothing.</summary>
    public static ApiScopes Combine(IEnumerable<string> names) =>
        names.Aggregate(ApiScopes.None, (scopes, name) => scopes | s_scopes.GetValueOrDefault(name));
}
