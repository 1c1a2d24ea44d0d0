namespace MediaAspire.Api.S3.Protocol;

/// <summary>Carries one operation of the S3 API out.</summary>
internal interface IS3Operation
{
    /// <summary>Answers the request. Nothing of the answer may be written before the operation's effect is certain.</summary>
    /// <exception cref="S3Exception">The request is refused.</exception>
    Task ExecuteAsync(S3Request request, CancellationToken cancellationToken);
}

/// <summary>What an operation is about.</summary>
internal enum S3Scope
{
    Service,
    Bucket,
    Object,
}

/// <summary>An operation and how a request names it.</summary>
/// <param name="Name">The operation's name in the AWS documentation, such as <c>PutObject</c>.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Scope">What it is about.</param>
/// <param name="Action">The action that its sender must be allowed, such as <c>s3:PutObject</c>; <see langword="null"/> where the operation decides for itself.</param>
/// <param name="Handler">The <see cref="IS3Operation"/>, resolved from the services.</param>
internal sealed record S3Operation(string Name, string Method, S3Scope Scope, string? Action, Type Handler)
{
    /// <summary>Gets the query parameter that names the operation, such as <c>acl</c>.</summary>
    /// <value><see langword="null"/> for the plain operation of method and scope.</value>
    public string? Subresource { get; init; }

    /// <summary>Gets a query parameter that must have a certain value too, such as <c>list-type=2</c>.</summary>
    public (string Name, string Value)? Argument { get; init; }

    /// <summary>Gets the query parameters that select what the operation acts on, such as <c>versionId</c>.</summary>
    /// <remarks>
    /// <see cref="S3Router"/> refuses a request with a parameter that another operation declares and this one does not. Parameters that
    /// only shape an answer, such as <c>prefix</c>, are not declared: S3 ignores them where they mean nothing.
    /// </remarks>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Gets a value indicating whether the query belongs to another request that this one asks about.</summary>
    public bool IgnoresQuery { get; init; }

    /// <summary>Gets a header that has to be there too, such as <c>x-amz-copy-source</c>.</summary>
    public string? Header { get; init; }

    /// <summary>Gets whether the bucket has to exist before the operation is run.</summary>
    public bool NeedsBucket { get; init; } = true;

    /// <summary>Gets whether what the operation does fails as a whole when its bucket is no longer as the request had it.</summary>
    /// <remarks>It then calls <c>S3Admission.ReadmitAsync</c> and decides anew whatever it took from the bucket.</remarks>
    public bool ProvesBucket { get; init; }

    /// <summary>Gets whether the sender is found out before the operation is run; a form carries its signature inside.</summary>
    public bool Authenticates { get; init; } = true;

    /// <summary>Gets whether an anonymous sender may ask, although there is no bucket to say so.</summary>
    public bool AllowsAnonymous { get; init; }

    /// <summary>Tells whether a request has what names the operation.</summary>
    public bool Matches(S3Request request)
    {
        if (Header is not null && !request.HasHeader(Header))
        {
            return false;
        }

        return (Subresource is null || request.Query.ContainsKey(Subresource))
            && (Argument is not { } argument || request.Parameter(argument.Name) == argument.Value);
    }

    /// <summary>Tells whether the operation declares a query parameter. Case is ignored, as in <see cref="S3Request.Query"/>.</summary>
    public bool Declares(string parameter) =>
        parameter.Equals(Subresource, StringComparison.OrdinalIgnoreCase)
        || Parameters.Contains(parameter, StringComparer.OrdinalIgnoreCase);
}
