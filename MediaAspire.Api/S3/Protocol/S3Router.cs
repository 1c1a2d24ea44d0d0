namespace MediaAspire.Api.S3.Protocol;

/// <summary>Finds the operation that a request names.</summary>
internal sealed class S3Router
{
    // Query parameters that name operations which are not here: they must not be taken for the plain one of the same method.
    private static readonly string[] s_subresources =
    [
        "accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption", "intelligent-tiering", "inventory", "legal-hold", "lifecycle",
        "location", "logging", "metadataTable", "metrics", "notification", "object-lock", "ownershipControls", "policy", "policyStatus",
        "publicAccessBlock", "renameObject", "replication", "requestPayment", "restore", "retention", "select", "session", "tagging", "torrent",
        "uploadId", "uploads", "versioning", "versions", "website",
    ];

    private readonly ILookup<(string, S3Scope), S3Operation> _operations;

    public S3Router(IEnumerable<S3Operation> operations) =>
        _operations = operations
            .OrderByDescending(operation => (operation.Subresource is null ? 0 : 2) + (operation.Header is null ? 0 : 1))
            .ToLookup(operation => (operation.Method, operation.Scope));

    /// <exception cref="S3Exception">There is no such operation, or not here.</exception>
    public S3Operation Find(S3Request request)
    {
        var scope = request.Target switch
        {
            { Bucket: null } => S3Scope.Service,
            { Key: null } => S3Scope.Bucket,
            _ => S3Scope.Object,
        };
        foreach (var operation in _operations[(request.Http.Request.Method, scope)])
        {
            if (operation.Matches(request))
            {
                return operation.Subresource is null && s_subresources.FirstOrDefault(request.Query.ContainsKey) is { } named
                    ? throw S3Errors.NotImplemented(named).ToException()
                    : operation;
            }
        }

        throw S3Errors.MethodNotAllowed().ToException();
    }
}
