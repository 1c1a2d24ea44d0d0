using System.Xml.Linq;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Access;

/// <summary>GetPublicAccessBlock.</summary>
internal sealed class GetPublicAccessBlock : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        if (request.Bucket.Document(BucketDocument.PublicAccessBlock) is null)
        {
            throw new S3Error("NoSuchPublicAccessBlockConfiguration", 404, "The public access block configuration was not found")
                .With("BucketName", request.BucketName).ToException();
        }

        var block = PublicAccessBlock.Of(request.Bucket);
        return S3Xml.WriteAsync(
            request,
            "PublicAccessBlockConfiguration",
            xml =>
            {
                xml.Element("BlockPublicAcls", block.BlockPublicAcls);
                xml.Element("IgnorePublicAcls", block.IgnorePublicAcls);
                xml.Element("BlockPublicPolicy", block.BlockPublicPolicy);
                xml.Element("RestrictPublicBuckets", block.RestrictPublicBuckets);
            },
            cancellationToken);
    }
}

/// <summary>PutPublicAccessBlock. A missing switch is off.</summary>
internal sealed class PutPublicAccessBlock(BucketCatalog buckets) : IS3Operation
{
    private static readonly string[] s_switches = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var root = await S3Documents.ReadXmlAsync(request, DocumentBounds.Setting, cancellationToken);
        if (root.Name.LocalName != "PublicAccessBlockConfiguration"
            || root.Elements().Any(element => !s_switches.Contains(element.Name.LocalName)))
        {
            throw S3Errors.MalformedXml().ToException();
        }

        var block = new PublicAccessBlock(
            Read(root, s_switches[0]), Read(root, s_switches[1]), Read(root, s_switches[2]), Read(root, s_switches[3]));
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.PublicAccessBlock, block.ToJson(), cancellationToken);
    }

    private static bool Read(XElement root, string name) => root.Text(name)?.Trim().ToUpperInvariant() switch
    {
        null or "FALSE" => false,
        "TRUE" => true,
        _ => throw S3Errors.MalformedXml().ToException(),
    };
}

/// <summary>DeletePublicAccessBlock.</summary>
internal sealed class DeletePublicAccessBlock(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.PublicAccessBlock, content: null, cancellationToken);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
