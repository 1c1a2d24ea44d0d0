namespace MediaAspire.Api.S3.Protocol;

/// <summary>The implementation of one operation of the S3 API.</summary>
internal interface IS3Operation
{
    /// <summary>
    /// Executes the operation and writes the response. No part of the response is written before the effect of the operation is certain.
    /// </summary>
    /// <exception cref="S3Exception">The request is refused.</exception>
    Task ExecuteAsync(S3Request request, CancellationToken cancellationToken);
}

/// <summary>The kind of resource that an operation is on.</summary>
internal enum S3Scope
{
    Service,
    Bucket,
    Object,
}

/// <summary>An operation, and the properties of a request that select it.</summary>
/// <param name="Name">The operation's name in the AWS documentation, such as <c>PutObject</c>.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Scope">The kind of resource that it is on.</param>
/// <param name="Action">
/// The action that its sender must be allowed, such as <c>s3:PutObject</c>; <see langword="null"/> where the operation itself authorizes
/// its sender.
/// </param>
/// <param name="Handler">The <see cref="IS3Operation"/>, resolved from the services.</param>
internal sealed record S3Operation(string Name, string Method, S3Scope Scope, string? Action, Type Handler)
{
    /// <summary>Gets the query parameter that names the operation, such as <c>acl</c>.</summary>
    /// <value><see langword="null"/> for the plain operation of method and scope.</value>
    public string? Subresource { get; init; }

    /// <summary>Gets a query parameter that must also have a given value, such as <c>list-type=2</c>.</summary>
    public (string Name, string Value)? Argument { get; init; }

    /// <summary>Gets the query parameters that select what the operation acts on, such as <c>versionId</c>.</summary>
    /// <remarks>
    /// <see cref="S3Router"/> refuses a request with a parameter that only other operations declare. Parameters that only shape a response,
    /// such as <c>prefix</c>, are not declared: S3 ignores them where they mean nothing.
    /// </remarks>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Gets a value indicating whether the query belongs to another request, which this one asks about.</summary>
    public bool IgnoresQuery { get; init; }

    /// <summary>Gets a header that must also be present, such as <c>x-amz-copy-source</c>.</summary>
    public string? Header { get; init; }

    /// <summary>Gets a value indicating whether the bucket must exist before the operation runs.</summary>
    public bool NeedsBucket { get; init; } = true;

    /// <summary>
    /// Gets a value indicating whether the write of the operation fails as a whole when its bucket has changed since it was read.
    /// </summary>
    /// <remarks>It then calls <c>S3Admission.ReadmitAsync</c> and repeats every decision that depends on the bucket.</remarks>
    public bool ProvesBucket { get; init; }

    /// <summary>
    /// Gets a value indicating whether the sender is authenticated before the operation runs; a form carries its signature inside.
    /// </summary>
    public bool Authenticates { get; init; } = true;

    /// <summary>Gets a value indicating whether an anonymous sender is allowed, although no bucket allows it.</summary>
    public bool AllowsAnonymous { get; init; }

    /// <summary>Determines whether a request selects the operation.</summary>
    public bool Matches(S3Request request)
    {
        if (Header is not null && !request.HasHeader(Header))
        {
            return false;
        }

        return (Subresource is null || request.Query.ContainsKey(Subresource))
            && (Argument is not { } argument || request.Parameter(argument.Name) == argument.Value);
    }

    /// <summary>
    /// Determines whether the operation declares a query parameter. Case is ignored, as in <see cref="S3Request.Query"/>.
    /// </summary>
    public bool Declares(string parameter) =>
        parameter.Equals(Subresource, StringComparison.OrdinalIgnoreCase)
        || Parameters.Contains(parameter, StringComparer.OrdinalIgnoreCase);
}
