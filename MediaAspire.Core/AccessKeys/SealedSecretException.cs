namespace MediaAspire.Core.AccessKeys;

/// <summary>A secret in the database cannot be opened: the operator's fault, or the doing of whoever changed the row; never the client's.</summary>
public sealed class SealedSecretException(string message, Exception? innerException = null) : Exception(message, innerException);
