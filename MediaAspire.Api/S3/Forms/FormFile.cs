using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Forms;

/// <summary>The file in a form; its length is known only at its end.</summary>
internal sealed class FormFile(FormFileStream content, long? estimatedLength) : S3Payload
{
    public override Stream Body => content;

    public override long? Length => null;

    public override long? EstimatedLength => estimatedLength;
}
