namespace MediaAspire.Api.Uploads;

/// <summary>The description of an upload by its client: the fields of <c>Upload-Metadata</c>, of the query, and of headers.</summary>
/// <remarks>
/// A field of the query outweighs one of the metadata. A field has several names, because clients of other servers have them: those of
/// Uppy are <c>name</c> and <c>type</c>, those of Supabase <c>bucketName</c>, <c>objectName</c> and <c>contentType</c>.
/// </remarks>
internal sealed class UploadFields(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The names by which a field may be called, each list under the name that is kept.</summary>
    private static readonly Dictionary<string, string[]> s_names = new(StringComparer.Ordinal)
    {
        [Names.Target] = ["target"],
        [Names.Filename] = ["filename", "name"],
        [Names.ContentType] = ["contentType", "filetype", "type", "content-type"],
        [Names.Owner] = ["owner"],
        [Names.Bucket] = ["bucket", "bucketName"],
        [Names.Key] = ["key", "objectName"],
        [Names.Sha256] = ["sha256"],
        [Names.Media] = ["media"],
        [Names.Part] = ["part"],
        [Names.Kind] = ["kind"],
        [Names.Access] = ["access"],
        [Names.Alias] = ["alias"],
        [Names.Description] = ["description"],
        [Names.Tags] = ["tags"],
    };

    /// <summary>Gets the fields that say what becomes of the bytes. A grant fixes them.</summary>
    private static readonly string[] s_targetFields =
    [
        Names.Target, Names.Owner, Names.Bucket, Names.Key, Names.Media, Names.Part, Names.Kind, Names.Access, Names.Alias,
        Names.Description, Names.Tags,
    ];

    /// <summary>Gets the fields under the names of <see cref="Names"/>.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>Gets the parameters of addresses that are fields.</summary>
    public static IEnumerable<string> Parameters => s_names.Values.Select(names => names[0]);

    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Reads the fields of a request that creates an upload.</summary>
    /// <param name="query">The query of the address.</param>
    /// <param name="metadata">The metadata of tus; empty for none.</param>
    /// <param name="headers">Fields that headers have; the others outweigh them.</param>
    public static UploadFields Read(
        IQueryCollection query, IReadOnlyDictionary<string, string> metadata, params ReadOnlySpan<(string Name, string? Value)> headers)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, names) in s_names)
        {
            if ((Find(names, name => query[name].FirstOrDefault()) ?? Find(names, metadata.GetValueOrDefault)) is { } value)
            {
                values[field] = value;
            }
        }

        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                values.TryAdd(name, value);
            }
        }

        return new(values);
    }

    /// <summary>Replaces what says what becomes of the bytes by that of a grant.</summary>
    public UploadFields With(IReadOnlyDictionary<string, string> target) => new(values
        .Where(field => !s_targetFields.Contains(field.Key) && !target.ContainsKey(field.Key))
        .Concat(target)
        .ToDictionary(field => field.Key, field => field.Value));

    private static string? Find(string[] names, Func<string, string?> get) =>
        names.Select(get).FirstOrDefault(value => !string.IsNullOrEmpty(value));

    /// <summary>The names of the fields.</summary>
    public static class Names
    {
        public const string Target = "target";
        public const string Filename = "filename";
        public const string ContentType = "contentType";
        public const string Owner = "owner";
        public const string Bucket = "bucket";
        public const string Key = "key";
        public const string Sha256 = "sha256";
        public const string Media = "media";
        public const string Part = "part";
        public const string Kind = "kind";
        public const string Access = "access";
        public const string Alias = "alias";
        public const string Description = "description";
        public const string Tags = "tags";
    }
}
