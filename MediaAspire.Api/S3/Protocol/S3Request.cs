using MediaAspire.Core.Buckets;
using Microsoft.AspNetCore.Http.Features;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>A request in the S3 API, with the facts that are known of it so far.</summary>
internal sealed class S3Request(HttpContext http, string id, S3Target target)
{
    /// <summary>Gets the id that the response and the log contain.</summary>
    public string Id => id;

    public HttpContext Http => http;

    public IHeaderDictionary Headers => http.Request.Headers;

    public IQueryCollection Query => http.Request.Query;

    public HttpResponse Response => http.Response;

    public bool IsHead => HttpMethods.IsHead(http.Request.Method);

    /// <summary>Gets the name of the bucket, as in the request.</summary>
    public string BucketName => target.Bucket ?? throw new InvalidOperationException("The request does not name a bucket.");

    /// <summary>Gets the key, as in the request.</summary>
    public string Key => target.Key ?? throw new InvalidOperationException("The request does not name a key.");

    public S3Target Target => target;

    /// <summary>Gets or sets the requested operation; known once the request is routed.</summary>
    public S3Operation Operation
    {
        get => field ?? throw new InvalidOperationException("The request is not routed yet.");
        set => (field, IsRouted) = (value, true);
    }

    /// <summary>Gets a value indicating whether the requested operation is known.</summary>
    public bool IsRouted { get; private set; }

    /// <summary>Gets or sets the sender; known once the request is authenticated.</summary>
    public S3Principal Principal { get; set; } = S3Principal.Anonymous;

    /// <summary>Gets or sets the form of the signature; <see langword="null"/> for an anonymous sender.</summary>
    public S3Signature? Signature { get; set; }

    /// <summary>Gets or sets the body; known once the request is authenticated.</summary>
    public S3Payload Payload { get => field ?? throw new InvalidOperationException("The request is not authenticated yet."); set; }

    /// <summary>Gets or sets the bucket; known once it is loaded, for operations on one that exists.</summary>
    public Bucket Bucket { get => field ?? throw new InvalidOperationException("The request's bucket is not loaded."); set; }

    /// <summary>Gets or sets a value indicating whether the bucket is from the cache, and may have been changed or deleted since.</summary>
    public bool IsBucketCached { get; set; }

    /// <summary>
    /// Gets or sets the fields with the parameters of the request: its headers, or the fields of a form. Policies judge them.
    /// </summary>
    public IHeaderDictionary GivenHeaders { get => field ?? Headers; set; }

    /// <summary>Gets or sets the tags in the request's document; <see langword="null"/> where they are in a header.</summary>
    public IReadOnlyDictionary<string, string>? GivenTags { get; set; }

    /// <summary>Gets or sets the lock in the request's document; <see langword="null"/> where it is in headers.</summary>
    public ObjectLock? GivenLock { get; set; }

    /// <summary>Gets or sets a value indicating whether the request is in the audit log.</summary>
    public bool IsAudited { get; set; }

    /// <summary>
    /// Gets or sets the keys that the request was to change, each with its error; where its target does not name the key.
    /// </summary>
    public IReadOnlyList<(string Key, S3Error? Error)>? Changes { get; set; }

    /// <summary>Gets the work that the evaluation of policies may still cost.</summary>
    public PolicyBudget PolicyBudget => field ??= new(http.RequestAborted);

    /// <summary>Gets the path that error documents name.</summary>
    public string Resource => target switch
    {
        { Bucket: null } => "/",
        { Key: null } => $"/{target.Bucket}",
        _ => $"/{target.Bucket}/{target.Key}",
    };

    /// <summary>Gets a header's value; <see langword="null"/> when it is missing or empty.</summary>
    public string? Header(string name) =>
        Headers.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;

    /// <summary>Determines whether the request has a header, among its headers or in the query of a presigned URL.</summary>
    public bool HasHeader(string name) =>
        Headers.ContainsKey(name)
        || (Query.ContainsKey(name)
            && (Query.ContainsKey(S3Parameters.Signature) || Query.ContainsKey(S3Parameters.Version2Signature)));

    /// <summary>Gets a query parameter's value; <see langword="null"/> when it is missing.</summary>
    public string? Parameter(string name) => Query.TryGetValue(name, out var values) ? values[0] ?? "" : null;

    /// <summary>Removes the server's limit on the length of the body; the operation counts the bytes itself.</summary>
    public void AllowLongBody() => http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
}
