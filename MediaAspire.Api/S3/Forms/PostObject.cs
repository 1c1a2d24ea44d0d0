using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.Security;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Forms;

/// <summary>PostObject: receives a file that a browser sends by a form, if the form's policy allows it.</summary>
internal sealed class PostObject(
    FormAuthenticator authenticator,
    IS3Authorizer authorizer,
    ObjectHeaders headers,
    ContentReceiver receiver,
    ObjectWriter writer,
    ExpirationHeader expiration,
    TimeProvider time) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        request.AllowLongBody();
        try
        {
            var form = await PostForm.ReadAsync(request.Http.Request, cancellationToken);
            var version = await StoreAsync(request, form, cancellationToken);
            await PostResponse.WriteAsync(request, form.Fields, version, cancellationToken);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException and not BadHttpRequestException
            && !request.Http.RequestAborted.IsCancellationRequested
            && !request.Response.HasStarted)
        {
            throw new S3Exception(FormErrors.Malformed(), malformed);
        }
    }

    private async Task<NewVersion> StoreAsync(S3Request request, PostForm form, CancellationToken cancellationToken)
    {
        var key = form.GetKey();
        request.Changes = [(key, null)];
        if (await authenticator.AuthenticateAsync(form.Fields, cancellationToken) is { } signer)
        {
            request.Principal = new S3Principal(signer.OwnerId, signer.DisplayName, signer.Id);
            request.Http.SetCaller(request.Principal.ToCaller());
            request.Signature = FormAuthenticator.SignatureOf(form.Fields);
        }

        var length = ContentLengthRange.Any;
        if (form.Fields.TryGet("policy", out var text))
        {
            var policy = PostPolicy.Parse(text);
            policy.Check(form.Fields, request.BucketName, key, time.GetUtcNow());
            length = policy.Length;
        }

        // Bucket policies judge what is given with the object: here by fields.
        var fields = await FormHeaders.FromAsync(form.Fields, cancellationToken);
        request.GivenHeaders = fields;
        await authorizer.AuthorizeAsync(request, "s3:PutObject", request.Bucket, key, cancellationToken);
        ObjectKeys.Check(key);
        var attributes = await headers.ReadAsync(request, fields, key, cancellationToken);

        await using var file = new FormFileStream(form.Content, length);
        await using var content = await receiver.ReceiveAsync(
            new FormFile(file, form.EstimatedLength),
            ContentDeclaration.Read(fields),
            key,
            attributes.ContentType,
            wanted: null,
            cancellationToken);
        var stored = PutObject.WithChecksum(attributes, content.Checksum);
        var write = await writer.TryWriteAsync(
            content.Upload,
            new(request.Bucket.Id, Seen: null, key, stored, content.Md5, ObjectConditions.None) { Origin = VersionOrigin.Post },
            cancellationToken);

        // Without conditions, only a bucket that is gone prevents the write.
        var version = write.Version ?? throw S3Errors.NoSuchBucket(request.BucketName).ToException();
        expiration.Set(request.Response, request.Bucket, key, version.Size, version.Attributes.Tags, write.WrittenAt);
        return version;
    }
}
