using MediaAspire.Core.Buckets;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Decides whether a sender may do what it asks for.</summary>
internal interface IS3Authorizer
{
    /// <summary>Allows an action on a bucket or on a key in it.</summary>
    /// <remarks>
    /// Whether an object may be used can depend on the object. So that it is not read twice, and what is judged is what is used, that is decided
    /// in two steps: the rest stands in <see cref="S3Request.FoundCheck"/>, which <c>ObjectLookup</c> and
    /// <c>CopySources</c> run. Whoever finds an object in another way has to run it.
    /// </remarks>
    /// <param name="request">The request, for its sender and headers.</param>
    /// <param name="action">The action's name in policies, such as <c>s3:GetObject</c>.</param>
    /// <param name="bucket">The bucket; not always the request's own, as when an object is copied.</param>
    /// <param name="key">The key; <see langword="null"/> for the bucket itself.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="S3Exception">It may not.</exception>
    ValueTask AuthorizeAsync(S3Request request, string action, Bucket bucket, string? key, CancellationToken cancellationToken);

    /// <summary>Allows an action on an object that the request is about to write to its bucket, and that nobody owns yet.</summary>
    /// <exception cref="S3Exception">It may not.</exception>
    void AuthorizeNew(S3Request request, string action, string key);

    /// <summary>Allows an action on an upload in parts. Its initiator is allowed it unless the bucket's policy denies it.</summary>
    /// <param name="request">The request, for its sender, bucket and key.</param>
    /// <param name="action">The action's name in policies, such as <c>s3:AbortMultipartUpload</c>.</param>
    /// <param name="upload">The upload; <see langword="null"/> when there is none, or no longer: it may have been the sender's.</param>
    /// <exception cref="S3Exception">The sender may not.</exception>
    void AuthorizeUpload(S3Request request, string action, MultipartUpload? upload);

    /// <summary>Tells whether a sender may do something with a version that was found, besides what it asks for.</summary>
    bool Allows(S3Request request, string action, Bucket bucket, ObjectVersion version);
}
