using MediaAspire.Core.Buckets;
using Microsoft.AspNetCore.Http.Features;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>A request on its way through the S3 API, and what has become known of it so far.</summary>
internal sealed class S3Request(HttpContext http, string id, S3Target target)
{
    /// <summary>Gets the id that the answer names and the log has.</summary>
    public string Id => id;

    public HttpContext Http => http;

    public IHeaderDictionary Headers => http.Request.Headers;

    public IQueryCollection Query => http.Request.Query;

    public HttpResponse Response => http.Response;

    public bool IsHead => HttpMethods.IsHead(http.Request.Method);

    /// <summary>Gets the name of the bucket, as the request has it.</summary>
    public string BucketName => target.Bucket ?? throw new InvalidOperationException("The request names no bucket.");

    /// <summary>Gets the key, as the request has it.</summary>
    public string Key => target.Key ?? throw new InvalidOperationException("The request names no key.");

    public S3Target Target => target;

    /// <summary>Gets or sets what the request asks for; known once it is routed.</summary>
    public S3Operation Operation { get => field ?? throw new InvalidOperationException("The request is not routed yet."); set; }

    /// <summary>Gets or sets who sent the request; known once it is authenticated.</summary>
    public S3Principal Principal { get; set; } = S3Principal.Anonymous;

    /// <summary>Gets or sets the body; known once the request is authenticated.</summary>
    public S3Payload Payload { get => field ?? throw new InvalidOperationException("The request is not authenticated yet."); set; }

    /// <summary>Gets or sets the bucket; known once it is loaded, for operations on one that exists.</summary>
    public Bucket Bucket { get => field ?? throw new InvalidOperationException("The request's bucket is not loaded."); set; }

    /// <summary>Gets or sets whether the bucket may have been changed or deleted since it was read.</summary>
    public bool IsBucketCached { get; set; }

    /// <summary>Gets or sets the fields that say what the request asks for: its headers, or those of a form. Policies judge them.</summary>
    public IHeaderDictionary GivenHeaders { get => field ?? Headers; set; }

    /// <summary>Gets or sets the tags that the request's document has; <see langword="null"/> where they come in a header.</summary>
    public IReadOnlyDictionary<string, string>? GivenTags { get; set; }

    /// <summary>Gets or sets the lock that the request's document has; <see langword="null"/> where it comes in headers.</summary>
    public ObjectLock? GivenLock { get; set; }

    /// <summary>Gets the path that error documents name.</summary>
    public string Resource => target switch
    {
        { Bucket: null } => "/",
        { Key: null } => $"/{target.Bucket}",
        _ => $"/{target.Bucket}/{target.Key}",
    };

    /// <summary>Gets a header's value; <see langword="null"/> when it is missing or empty.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;

    /// <summary>Tells whether the request has a header, among its headers or in the query of a presigned URL.</summary>
    public bool HasHeader(string name) =>
        Headers.ContainsKey(name) || (Query.ContainsKey(S3Parameters.Signature) && Query.ContainsKey(name));

    /// <summary>Gets a query parameter's value; <see langword="null"/> when it is missing.</summary>
    public string? Parameter(string name) => Query.TryGetValue(name, out var values) ? values[0] ?? "" : null;

    /// <summary>Lets the body be longer than the server's own limit; the operation counts for itself.</summary>
    public void AllowLongBody() => http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
}
