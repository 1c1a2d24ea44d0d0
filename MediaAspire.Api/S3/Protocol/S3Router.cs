namespace MediaAspire.Api.S3.Protocol;

/// <summary>Finds the operation that a request selects.</summary>
/// <remarks>
/// A request is refused when its query has a sub-resource or parameter of S3 that the operation does not declare. Without this rule a put
/// of a part would overwrite the whole object, and the deletion of an object's lock would delete the object. Every other parameter is
/// ignored, as in S3: tracing, <c>x-id</c>, presigning, the shape of a response.
/// </remarks>
internal sealed class S3Router
{
    // Sub-resources of operations that are not supported. The last is Ceph's; a plain put would overwrite the object that it extends.
    private static readonly string[] s_missing =
    [
        "abac", "analytics", "annotation", "intelligent-tiering", "inventory", "metadataConfiguration", "metadataInventoryTable",
        "metadataJournalTable", "metadataTable", "metrics", "renameObject", "restore", "select", "session", "torrent", "append",
    ];

    private readonly ILookup<(string, S3Scope), S3Operation> _operations;
    private readonly HashSet<string> _subresources = new(s_missing, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _parameters = new(StringComparer.OrdinalIgnoreCase);

    public S3Router(IEnumerable<S3Operation> operations)
    {
        var all = operations.ToList();
        _operations = all.OrderByDescending(Precision).ToLookup(operation => (operation.Method, operation.Scope));
        _subresources.UnionWith(all.Select(operation => operation.Subresource).OfType<string>());
        _parameters.UnionWith(all.SelectMany(operation => operation.Parameters));
    }

    /// <summary>Determines whether a query parameter selects an operation, or what an operation acts on.</summary>
    /// <remarks>Case is ignored, as in <see cref="S3Request.Query"/>.</remarks>
    public bool IsSelecting(string parameter) => _subresources.Contains(parameter) || _parameters.Contains(parameter);

    /// <exception cref="S3Exception">The operation does not exist or is not supported, or the query contradicts it.</exception>
    public S3Operation Find(S3Request request)
    {
        var scope = request.Target switch
        {
            { Bucket: null } => S3Scope.Service,
            { Key: null } => S3Scope.Bucket,
            _ => S3Scope.Object,
        };
        var operation = _operations[(request.Http.Request.Method, scope)].FirstOrDefault(operation => operation.Matches(request));
        if (operation is not { IgnoresQuery: true } && request.Query.Count > 0)
        {
            CheckQuery(request, operation);
        }

        return operation ?? throw S3Errors.MethodNotAllowed().ToException();
    }

    private static int Precision(S3Operation operation) =>
        (operation.Subresource is null ? 0 : 4) + (operation.Argument is null ? 0 : 2) + (operation.Header is null ? 0 : 1);

    private void CheckQuery(S3Request request, S3Operation? operation)
    {
        var undeclared = request.Query.Keys
            .Where(name => (_subresources.Contains(name) || _parameters.Contains(name)) && operation?.Declares(name) != true)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (undeclared.Count == 0)
        {
            return;
        }

        if (operation?.Subresource is null && undeclared.Find(_subresources.Contains) is { } missing)
        {
            throw S3Errors.NotImplemented($"The sub-resource '{missing}' is not implemented for this method and resource.").ToException();
        }

        if (operation is null)
        {
            return;
        }

        // S3 has a message of its own about versionId, with the lowest priority.
        var conflicts = undeclared.Exists(name => !name.Equals(S3Parameters.VersionId, StringComparison.OrdinalIgnoreCase));
        throw (conflicts && operation.Subresource is { } subresource
            ? S3Errors.ConflictingParameters([.. undeclared, subresource])
            : S3Errors.UnexpectedParameter(undeclared[0], request.Parameter(undeclared[0]))).ToException();
    }
}
